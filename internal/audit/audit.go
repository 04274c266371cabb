// Package audit keeps the trail: one record for every operation, written in the transaction of the
// change it tells of, or by the committer before the answer leaves. What cannot be recorded is not
// done. The record itself and its bytes are package trail's.
package audit

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// PlatformTenant is the reserved tenant whose trail takes what belongs to no other.
const PlatformTenant = "platform"

// Config is what the trail needs to know.
type Config struct {
	DB   *store.DB
	Host string // of the public address; trails are named <host>/audit/<tenant id>
	Node string // which node answered
}

// Service writes and searches the trail.
type Service struct {
	config    Config
	committer *committer
	floods    *floods
}

// New returns a Service; [Service.Start] lets it write what has no transaction of its own.
func New(config Config) *Service {
	s := &Service{config: config, floods: newFloods()}
	s.committer = newCommitter(config.DB)
	return s
}

// Start runs the committer and the summaries of refused floods.
func (s *Service) Start() {
	s.committer.start()
	s.floods.start(s.summarise)
}

// Stop writes what is waiting and ends. It may be called more than once.
func (s *Service) Stop() {
	s.floods.stop()
	s.committer.stop()
}

// errNoCall is a handler that changes something outside an operation; see [Service.AppendAct].
var errNoCall = errors.New("audit: no call in the context")

// Append writes the record of the call in the context, as a success, into the transaction that
// makes the change: both commit or neither does. It must come last in the transaction, when the
// targets and changes are known.
func (s *Service) Append(ctx context.Context, tx *store.Tx) error {
	call := api.CallFrom(ctx)
	if call == nil {
		return errNoCall
	}
	e, err := s.entryOf(call, tx.Tenant(), call.Operation.Status)
	if err != nil {
		return err
	}
	if err := insert(ctx, tx, e); err != nil {
		return err
	}
	tx.AfterCommit(func() { call.Recorded = true })
	return nil
}

// Record keeps the record of a finished call that has none yet: a read, or a refusal. It returns
// once the record is durable.
func (s *Service) Record(ctx context.Context, call *api.Call) error {
	if call.Recorded {
		return nil
	}
	if s.floods.absorb(call) {
		return nil
	}
	for _, tenant := range trailsOf(call) {
		e, err := s.entryOf(call, tenant, call.Status)
		if err != nil {
			return err
		}
		if err := s.committer.commit(ctx, tenant, e); err != nil {
			return err
		}
	}
	call.Recorded = true
	return nil
}

// trailsOf says where the record of a call lies: with the caller's tenant, with the tenant that a
// sign-in or secret names, otherwise with the platform. A call that named a foreign tenant lies
// with the platform as well, under the same id.
func trailsOf(call *api.Call) []string {
	home := call.Trail
	if call.Caller != nil {
		home = call.Caller.Tenant
	}
	if home == "" {
		home = PlatformTenant
	}
	if call.Foreign && home != PlatformTenant {
		return []string{home, PlatformTenant}
	}
	return []string{home}
}

// Act is an operation that did not come over HTTP: a job or a command.
type Act struct {
	Op      trail.Op
	Event   string
	Targets []trail.Ref
	Change  trail.Change
}

// AppendAct writes the record of an act of the system itself into the transaction.
func (s *Service) AppendAct(ctx context.Context, tx *store.Tx, act Act) error {
	e := entry{record: trail.Record{
		ID:      store.NewID(tx.Now),
		Log:     s.log(tx.Tenant()),
		Time:    tx.Now,
		Actor:   trail.Actor{Type: trail.System, ID: s.config.Node},
		Action:  trail.Action{Op: act.Op, Event: act.Event},
		Target:  act.Targets,
		Change:  act.Change,
		Context: trail.Context{Tenant: tx.Tenant(), Node: s.config.Node},
		Outcome: trail.Outcome{Result: trail.Success},
	}}
	if err := e.encode(); err != nil {
		return err
	}
	return insert(ctx, tx, e)
}

func (s *Service) log(tenant string) string { return s.config.Host + "/audit/" + tenant }

// elapsed is how long a call has taken, in whole milliseconds.
func elapsed(call *api.Call) int64 { return time.Since(call.Started).Milliseconds() }
