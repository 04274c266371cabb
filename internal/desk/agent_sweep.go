package desk

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// noPermission is why the desk sets agents offline who take no conversations any more.
const noPermission = "no_permission"

// sweepAgents sends agents home who have lost conversation:take, were disabled, or are there no more: what
// they hold returns to the queue with its age. Each goes in a transaction of their own, with its records:
// conversations are locked before agents, those of one before another agent would come too late.
func (s *Service) sweepAgents(ctx context.Context, tenant string) error {
	var barred []string
	err := s.config.DB.Read(ctx, tenant, func(tx *store.Tx) (err error) {
		barred, err = s.barred(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, user := range barred {
		if err := s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error { return s.retire(ctx, tx, user) }); err != nil {
			return err
		}
	}
	return nil
}

// barred are the agents who work although they may not.
func (s *Service) barred(ctx context.Context, tx *store.Tx) ([]string, error) {
	p, err := s.policySeen(ctx, tx)
	if err != nil {
		return nil, err
	}
	working, err := store.Collect(ctx, tx, store.Text, `
		SELECT a.user_id
		FROM agents a
		WHERE a.tenant_id = $1 AND (a.status <> 'offline' OR a.current_load > 0)
		ORDER BY a.user_id`)
	return slices.DeleteFunc(working, func(user string) bool { return takes(p, user, tx.Now) }), err
}

// retire sets one agent offline who may not work, unless that has changed or been done meanwhile.
func (s *Service) retire(ctx context.Context, tx *store.Tx, user string) error {
	still, err := s.barred(ctx, tx)
	if err != nil || !slices.Contains(still, user) {
		return err
	}
	given, err := s.giveBack(ctx, tx, user, noPermission)
	if err != nil {
		return err
	}
	before, err := lockAgent(ctx, tx, user)
	if err != nil {
		return err
	}
	agent := trail.Ref{Type: "agent", ID: user}
	acts := []audit.Act{{Op: trail.Job, Event: "agent.retire", Targets: []trail.Ref{agent}}}
	if before.Status != Offline {
		if err := before.storeStatus(ctx, tx, Offline, noPermission); err != nil {
			return err
		}
		acts[0].Change.Values("status", []string{before.Status}, []string{Offline})
	}
	for _, c := range given {
		acts = append(acts, audit.Act{Op: trail.Job, Event: "conversation.requeue", Targets: []trail.Ref{{Type: "conversation", ID: c}, agent}})
	}
	s.agentsChanged(tx)
	for _, act := range acts {
		if err := s.config.Audit.AppendAct(ctx, tx, act); err != nil {
			return err
		}
	}
	return nil
}
