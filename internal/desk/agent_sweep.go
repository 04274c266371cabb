package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// noPermission is why the desk sets agents offline who take no conversations any more.
const noPermission = "no_permission"

// sweepAgents sends agents home who have lost conversation:take, were disabled, or are there no more: what
// they hold returns to the queue with its age. The policy must be that of the transaction. Each leaves a
// record.
func (s *Service) sweepAgents(ctx context.Context, tx *store.Tx, p *policy.Compiled) error {
	working, err := store.Collect(ctx, tx, store.Text, `
		SELECT a.user_id
		FROM agents a
		WHERE a.tenant_id = $1 AND (a.status <> 'offline' OR a.current_load > 0)
		ORDER BY a.user_id`)
	if err != nil {
		return err
	}
	for _, user := range working {
		if takes(p, user, tx.Now) {
			continue
		}
		if err := s.retire(ctx, tx, user); err != nil {
			return err
		}
	}
	return nil
}

// retire sets one agent offline who may not work.
func (s *Service) retire(ctx context.Context, tx *store.Tx, user string) error {
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
