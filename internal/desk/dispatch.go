package desk

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// reconsider tells, once the transaction has committed, that something is another way at the desk than
// before: somebody may have what they could not have.
func (s *Service) reconsider(tx *store.Tx) {
	tenant := tx.Tenant()
	tx.AfterCommit(func() { s.happened(tenant) })
}

// What ends a step of dispatch without a claim; the transaction is rolled back.
var (
	errSettled = errors.New("desk: nobody can be given anything")
	errMoved   = errors.New("desk: the conversation or the agent is no longer as it was when chosen")
)

// Settle gives what waits at the desk of a tenant to its agents until nothing more can be given. It is what
// the dispatcher does by itself, for whoever does not want to wait for it.
func (s *Service) Settle(ctx context.Context, tenant string) error {
	for {
		_, _, done, err := s.turn(ctx, tenant, maxClaims)
		if done || err != nil {
			return err
		}
	}
}

// maxMisses bounds how often in a row a turn chooses what is no longer so. People were faster each time;
// the sweep comes again.
const maxMisses = 20

// turn gives at most so many conversations to agents. done is true when nothing more can be given; next is
// then when something opens by itself, zero for never.
func (s *Service) turn(ctx context.Context, tenant string, most int) (given int, next time.Time, done bool, err error) {
	// Known here, the policy need not be read in each step.
	if _, err := s.config.Policy.Snapshot(ctx, tenant); err != nil {
		return 0, zero, false, err
	}
	for misses := 0; given < most && misses < maxMisses; {
		next, err = s.step(ctx, tenant)
		switch {
		case err == nil:
			given, misses = given+1, 0
		case errors.Is(err, errSettled):
			return given, next, true, nil
		case errors.Is(err, errMoved):
			misses++
		default:
			return given, zero, false, err
		}
	}
	return given, zero, given < most, nil
}

// step gives one conversation to one agent, in a transaction of its own. With [errSettled] it says when
// something opens by itself.
func (s *Service) step(ctx context.Context, tenant string) (deadline time.Time, err error) {
	err = s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		if _, err := next(ctx, tx, turn); err != nil {
			return err
		}
		sc, err := s.readScene(ctx, tx)
		if err != nil {
			return err
		}
		c, found := sc.choose()
		if !found {
			deadline = sc.deadline()
			return errSettled
		}
		return s.dispatch(ctx, tx, c)
	})
	return deadline, err
}

// dispatch carries a choice out, unless the conversation has changed meanwhile or the agent cannot have it
// any more.
func (s *Service) dispatch(ctx context.Context, tx *store.Tx, c choice) error {
	_, err := s.edit(ctx, tx, c.id, func(e *edit) error {
		if e.now.Version != c.version || e.now.State != Queued {
			return errMoved
		}
		return e.give(ctx, claim{agent: c.agent, how: Dispatched, pass: c.pass})
	})
	if f := (*fault.Error)(nil); errors.As(err, &f) && f.Code.Kind == fault.Conflict {
		return errMoved
	}
	if err != nil {
		return err
	}
	return s.config.Audit.AppendAct(ctx, tx, dispatchAct(c))
}

func dispatchAct(c choice) audit.Act {
	act := audit.Act{Op: trail.Job, Event: "conversation.dispatch", Targets: []trail.Ref{
		{Type: "conversation", ID: c.id}, {Type: "agent", ID: c.agent},
	}}
	act.Change.Values("state", []string{string(Queued)}, []string{string(Active)})
	act.Change.Values("pass", nil, []string{string(c.pass)})
	act.Change.Names("assignee")
	return act
}
