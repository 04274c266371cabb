package desk

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// reconsider tells, once the transaction has committed, that something is another way at the desk than
// before: somebody may have what they could not have.
func (s *Service) reconsider(tx *store.Tx) {
	tenant := tx.Tenant()
	tx.AfterCommit(func() { s.happened(tenant) })
}

// What ends a turn without a claim; the transaction is rolled back.
var (
	errSettled = errors.New("desk: nobody can be given anything")
	errMoved   = errors.New("desk: the conversation or the agent is no longer as it was when chosen")
)

// Settle gives what waits at the desk of a tenant to its agents until nothing more can be given. It is what
// the dispatcher does by itself, for whoever does not want to wait for it.
func (s *Service) Settle(ctx context.Context, tenant string) error {
	for {
		_, done, err := s.turn(ctx, tenant)
		if done || err != nil {
			return err
		}
	}
}

const (
	// maxClaims is how many conversations a turn gives at most: so many are locked at once, and their agents.
	maxClaims = 32
	// maxMisses bounds how often in a row a turn chooses what is no longer so. People were faster each time;
	// the sweep comes again.
	maxMisses = 20
)

// turn gives some of what waits to agents. done is true when nothing more can be given; next is then when
// something opens by itself, zero for never. Nobody is given what they could not answer: while there is no room, what
// waits is left to the next sweep.
func (s *Service) turn(ctx context.Context, tenant string) (next time.Time, done bool, err error) {
	if !s.config.Room() {
		return zero, true, nil
	}
	// Known here, the policy need not be read in the transaction.
	if _, err := s.config.Policy.Snapshot(ctx, tenant); err != nil {
		return zero, false, err
	}
	for range maxMisses {
		next, done, err = s.take(ctx, tenant)
		if !errors.Is(err, errMoved) {
			return next, done, err
		}
	}
	return zero, true, nil
}

// take takes one turn, in one transaction: who is to be given what is chosen, and carried out as far as it
// still stands.
func (s *Service) take(ctx context.Context, tenant string) (deadline time.Time, done bool, err error) {
	err = s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		if _, err := next(ctx, tx, turn); err != nil {
			return err
		}
		sc, err := s.readScene(ctx, tx)
		if err != nil {
			return err
		}
		plan, err := sc.plan(ctx, tx, maxClaims)
		if err != nil {
			return err
		}
		if len(plan) == 0 {
			deadline = sc.deadline()
			return errSettled
		}
		given, err := s.dispatch(ctx, tx, plan)
		deadline, done = sc.deadline(), given == len(plan) && given < maxClaims
		return err
	})
	if errors.Is(err, errSettled) {
		return deadline, true, nil
	}
	return deadline, done, err
}

// dispatch carries a plan out, up to the first choice that does not stand any more: its conversation has changed
// meanwhile, or its agent cannot have it. What was chosen after it was chosen as if it had been given.
func (s *Service) dispatch(ctx context.Context, tx *store.Tx, plan []choice) (given int, err error) {
	conversations, agents := parties(plan)
	all, err := s.lockAll(ctx, tx, conversations)
	if err != nil {
		return 0, err
	}
	compiled, err := s.policyNow(ctx, tx)
	if err != nil {
		return 0, err
	}
	slots, err := lockSlots(ctx, tx, agents...)
	if err != nil {
		return 0, err
	}
	rows := all.gather()
	for _, c := range plan {
		if err = all.of(c.id).dispatch(ctx, compiled, slots, c); err != nil {
			break
		}
		given++
	}
	if err != nil && (!errors.Is(err, errMoved) || given == 0) {
		return given, err
	}
	if err := rows.write(ctx, tx); err != nil {
		return given, err
	}
	return given, s.dispatched(ctx, tx, all, plan[:given])
}

// parties are the conversations of a plan and the agents who are to have them.
func parties(plan []choice) (conversations, agents []string) {
	for _, c := range plan {
		conversations, agents = append(conversations, c.id), append(agents, c.agent)
	}
	return conversations, agents
}

// dispatch carries one choice out, or fails with [errMoved].
func (e *edit) dispatch(ctx context.Context, compiled *policy.Compiled, slots map[string]slot, c choice) error {
	if e == nil || e.now.Version != c.version || e.now.State != Queued {
		return errMoved
	}
	err := e.giveSlot(ctx, compiled, slots, claim{agent: c.agent, how: Dispatched, pass: c.pass})
	if f := (*fault.Error)(nil); errors.As(err, &f) && f.Code.Kind == fault.Conflict {
		return errMoved
	}
	return err
}

// dispatched stores what was given, and records it.
func (s *Service) dispatched(ctx context.Context, tx *store.Tx, all edits, plan []choice) error {
	if err := all.finish(ctx); err != nil {
		return err
	}
	acts := make([]audit.Act, len(plan))
	for i, c := range plan {
		acts[i] = dispatchAct(c)
	}
	return s.config.Audit.AppendAct(ctx, tx, acts...)
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
