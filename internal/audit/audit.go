// Package audit keeps the trail: one record for every operation, written in the transaction of the
// change it tells of, or by the committer before the answer leaves. What cannot be recorded is not
// done. The record itself and its bytes are package trail's.
package audit

import (
	"cmp"
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// platformTenant is the reserved tenant whose trail takes what belongs to no other.
const platformTenant = "platform"

// Config is what the trail needs to know.
type Config struct {
	DB   *store.DB
	Host string // of the public address; trails are named <host>/audit/<tenant id>
	Node string // which node answered

	// Room reports whether there is room for more than what must be recorded; nil where there always is.
	Room func() bool
}

// Service writes and searches the trail.
type Service struct {
	config    Config
	committer *committer
	floods    *floods
}

// New returns a Service; [Service.Start] lets it write what has no transaction of its own.
func New(config Config) *Service {
	s := &Service{config: config, floods: newFloods(config.Room)}
	s.committer = newCommitter(config.DB)
	return s
}

// Start runs the committer and the summaries of refused floods. It may be called more than once.
func (s *Service) Start() {
	s.committer.start()
	s.floods.start(s.summarise)
}

// Stop writes what is waiting and ends. Whatever comes after it is refused. It may be called more than
// once, and without Start.
func (s *Service) Stop() {
	s.floods.stop(s.summarise)
	s.committer.stop()
}

// Mistakes of a handler: changing something outside an operation, for which [Service.AppendAct]
// stands, and changing something in two transactions, of which one would have no record.
var (
	errNoCall = errors.New("audit: no call in the context")
	errTwice  = errors.New("audit: the call has its record already")
)

// Append writes the record of the call in the context, as a success, into the transaction that
// makes the change: both commit or neither does. It must come last in the transaction, when the
// targets and changes are known.
//
// An operation on many objects hands over its notes of each, see [api.NotesOfOne], and leaves as many
// records as it takes to tell them: all of the same request, the first with the id that the answer names.
// What was done alike to several stands in one record, with all of these as targets.
func (s *Service) Append(ctx context.Context, tx *store.Tx, each ...*api.Notes) error {
	call := api.CallFrom(ctx)
	if call == nil {
		return errNoCall
	}
	return s.append(ctx, tx, call, call.Operation.Status, each...)
}

// AppendRefusal is Append for a call that is refused with the code and changes something all the
// same: a used secret that ends what it once opened. The change and why it was made commit together.
func (s *Service) AppendRefusal(ctx context.Context, tx *store.Tx, code *fault.Code) error {
	call := api.CallFrom(ctx)
	if call == nil {
		return errNoCall
	}
	call.Code = code.Name
	return s.append(ctx, tx, call, api.Status(code.Kind))
}

func (s *Service) append(ctx context.Context, tx *store.Tx, call *api.Call, status int, each ...*api.Notes) error {
	if call.Recorded {
		return errTwice
	}
	for _, one := range callsOf(call, each, tx.Now) {
		e, err := s.entryOf(one, tx.Tenant(), tx.Now, status)
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, e); err != nil {
			return err
		}
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
	var entries []entry
	for _, tenant := range trailsOf(call) {
		e, err := s.entryOf(call, tenant, s.config.DB.Now(), call.Status)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	if err := s.committer.commit(ctx, entries...); err != nil {
		return err
	}
	call.Recorded = true
	return nil
}

// trailsOf says where the record of a call lies: with the caller's tenant, with the tenant that a
// sign-in or secret names, otherwise with the platform. A call that named a foreign tenant lies
// with the platform as well, under the same id.
func trailsOf(call *api.Call) []string {
	home := homeOf(call)
	if call.Foreign && home != platformTenant {
		return []string{home, platformTenant}
	}
	return []string{home}
}

// homeOf is the tenant that a call was made in.
func homeOf(call *api.Call) string {
	if call.Caller != nil {
		return call.Caller.Tenant
	}
	return cmp.Or(call.Trail, platformTenant)
}

// Act is an operation that did not come over HTTP: a job or a command.
type Act struct {
	Op      trail.Op
	Event   string
	Targets []trail.Ref
	Change  trail.Change
	Private []api.PrivateChange // what the record only commits to
}

// AppendAct writes the records of acts of the system itself into the transaction.
func (s *Service) AppendAct(ctx context.Context, tx *store.Tx, acts ...Act) error {
	entries := make([]entry, len(acts))
	for i, act := range acts {
		var err error
		if entries[i], err = s.entryOfAct(tx, act); err != nil {
			return err
		}
	}
	return insert(ctx, tx, entries...)
}

func (s *Service) entryOfAct(tx *store.Tx, act Act) (entry, error) {
	e := entry{tenant: tx.Tenant(), record: trail.Record{
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
	if err := e.commitChanges(act.Private); err != nil {
		return e, err
	}
	return e, e.encode()
}

func (s *Service) log(tenant string) string { return s.config.Host + "/audit/" + tenant }
