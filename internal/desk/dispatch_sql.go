package desk

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// turn is the position that counts the turns of dispatch. Its row is locked by whoever has one: two nodes
// that dispatch for a tenant do it one after the other. Nobody else waits for it, so that its holder may
// wait for everybody.
const turn = "dispatch"

// readScene reads what the next choices depend on. Nothing of it is locked: giving looks again.
func (s *Service) readScene(ctx context.Context, tx *store.Tx) (*scene, error) {
	sc, err := s.emptyScene(ctx, tx)
	if err != nil {
		return nil, err
	}
	if sc.agents, err = readReady(ctx, tx); err != nil {
		return nil, err
	}
	heads, err := readHeads(ctx, tx)
	if err != nil {
		return nil, err
	}
	sc.begin(heads)
	return sc, nil
}

// emptyScene is one without agents and without a queue.
func (s *Service) emptyScene(ctx context.Context, tx *store.Tx) (*scene, error) {
	settings, err := loadSettings(ctx, tx)
	if err != nil {
		return nil, err
	}
	sc := &scene{
		now: tx.Now, reserve: settings.Reserve, gone: map[string]bool{},
		usual: patience{Ages: settings.Ages},
	}
	if sc.skills, err = readPatience(ctx, tx, sc.usual); err != nil {
		return nil, err
	}
	compiled, err := s.policySeen(ctx, tx)
	if err != nil {
		return nil, err
	}
	sc.fits = workplaces(compiled)
	sc.mayHold = func(agent string, w *waiting) bool {
		c := Conversation{ID: w.id, Requester: w.requester, Department: w.department}
		return mayHold(compiled, &c, agent, tx)
	}
	return sc, nil
}

// workplaces tells who works in which department or below it. What it finds out it keeps.
func workplaces(compiled *policy.Compiled) func(agent, department string) bool {
	reaches, places := map[string][]string{}, map[string][]string{}
	return func(agent, department string) bool {
		reach, known := reaches[department]
		if !known {
			reach = compiled.Reach([]string{department})
			reaches[department] = reach
		}
		own, known := places[agent]
		if !known {
			subject, _ := compiled.Subject(agent)
			own = subject.User().Departments
			places[agent] = own
		}
		return slices.ContainsFunc(own, func(d string) bool {
			_, found := slices.BinarySearch(reach, d)
			return found
		})
	}
}

// readPatience returns the patience of every skill; what it leaves open is the usual.
func readPatience(ctx context.Context, tx *store.Tx, usual patience) (map[string]patience, error) {
	skills := map[string]patience{}
	return skills, each(ctx, tx, func(r store.Row) error {
		var id string
		var fallback sql.NullString
		var relax, overflow, open sql.NullInt64
		err := r.Scan(&id, &fallback, &relax, &overflow, &open)
		p := usual
		p.fallback = fallback.String
		for own, field := range map[*sql.NullInt64]*time.Duration{&relax: &p.Relax, &overflow: &p.Overflow, &open: &p.Open} {
			if own.Valid {
				*field = time.Duration(own.Int64) * time.Second
			}
		}
		skills[id] = p
		return err
	}, `
		SELECT k.id, k.fallback_department_id, k.relax_seconds, k.overflow_seconds, k.open_seconds
		FROM skills k
		WHERE k.tenant_id = $1`)
}

// plan chooses who is to be given what, one after the other, each as if those before had been given already.
func (s *scene) plan(ctx context.Context, tx *store.Tx, most int) (plan []choice, err error) {
	for len(plan) < most {
		if err := s.readLanes(ctx, tx); err != nil {
			return nil, err
		}
		c, found := s.choose()
		if !found {
			break
		}
		s.given(c)
		plan = append(plan, c)
	}
	return plan, nil
}

// somethingWaits tells whether anything is queued while anybody is free: whether it is worth a turn.
func somethingWaits(ctx context.Context, tx *store.Tx) (waits bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'queued')
			AND EXISTS (
				SELECT 1 FROM agents a
				WHERE a.tenant_id = $1 AND a.status = 'online' AND a.current_load < a.max_load AND EXISTS (
					SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2))`,
		[]any{tx.Now.UnixMicro()}, &waits)
	return waits, err
}
