package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// entry is a record with what lies beside it: the personal values that it only commits to.
type entry struct {
	tenant   string // whose trail it lies in
	record   trail.Record
	bytes    []byte
	personal []personal
}

// personal is one value that can be erased without touching the record.
type personal struct {
	field, value string
	salt         []byte
}

// maxPersonal bounds a personal value, in bytes: what people type and clients say of themselves must
// not fill the trail.
const maxPersonal = 1024

// commit adds a personal value and returns what the record says of it. What neither database could
// keep is left out of the value: a stranger's odd bytes must not make an operation fail.
func (e *entry) commit(field, value string) (trail.Commitment, error) {
	value = strings.ReplaceAll(strings.ToValidUTF8(value[:min(len(value), maxPersonal)], ""), "\x00", "")
	salt := trail.NewSalt()
	c, err := trail.Commit(salt, e.record.Log, e.record.ID, field, value)
	if err != nil {
		return "", err
	}
	e.personal = append(e.personal, personal{field, value, salt})
	return c, nil
}

// entryOf makes the record of a call for the trail of a tenant, at an instant of the database's clock,
// so that it agrees with the times of what was changed. The copy in another trail still says which
// tenant the call was made in.
func (s *Service) entryOf(call *api.Call, tenant string, at time.Time, status int) (entry, error) {
	e := entry{tenant: tenant, record: trail.Record{
		ID:      call.ID,
		Log:     s.log(tenant),
		Time:    at,
		Actor:   s.actorOf(call),
		Action:  actionOf(call),
		Target:  targetsOf(call),
		Context: trail.Context{Tenant: homeOf(call), Request: call.Request, Node: s.config.Node},
		Outcome: outcomeOf(call, status),
	}}
	if err := e.commitContext(call); err != nil {
		return entry{}, err
	}
	if e.record.Outcome.Result == trail.Success { // what failed has changed nothing
		e.record.Change = call.Changes
		if err := e.commitChanges(call.Private); err != nil {
			return entry{}, err
		}
	}
	return e, e.encode()
}

// targetsOf leaves out what cannot be the id of anything, which a caller may have typed, and what a
// record has no room for; how many there were stands in the outcome.
func targetsOf(call *api.Call) []trail.Ref {
	targets := slices.DeleteFunc(slices.Clone(call.Targets), func(r trail.Ref) bool {
		return r.ID == "" || len(r.ID) > trail.MaxText || !utf8.ValidString(r.ID)
	})
	return targets[:min(len(targets), trail.MaxTargets)]
}

func (s *Service) actorOf(call *api.Call) trail.Actor {
	who := call.Caller
	if call.Machine {
		return trail.Actor{Type: trail.System, ID: s.config.Node}
	}
	if who == nil {
		return trail.Actor{Type: trail.Anonymous}
	}
	kind := trail.User
	if who.Tenant == platformTenant || who.Visit != nil {
		kind = trail.Platform
	}
	roles := who.Roles[:min(len(who.Roles), trail.MaxRoles)]
	return trail.Actor{Type: kind, ID: who.User, Roles: roles, SID: who.Session, AMR: who.AMR, For: call.For}
}

func actionOf(call *api.Call) trail.Action {
	op, method := call.Operation.Door()
	if call.Machine {
		op = trail.CLI
	}
	a := trail.Action{
		Op:     op,
		Method: method,
		Route:  call.Operation.Path,
		Event:  call.Operation.Event,
	}
	if call.Caller == nil {
		return a
	}
	a.Policy = strconv.FormatInt(call.Caller.Policy, 10)
	a.Permission = call.Caller.Decided()
	a.StepUp = call.Caller.SteppedUp()
	// What cannot be found is recorded alike, whether it is hidden or does not exist: who may read
	// their own records must not learn which.
	if a.Permission == "" || call.Code == fault.ErrNotFound.Name {
		a.Permission = call.Operation.Access.Permission()
	}
	return a
}

func outcomeOf(call *api.Call, status int) trail.Outcome {
	o := trail.Outcome{Result: trail.Success, Code: status, MS: call.Elapsed().Milliseconds(), N: call.Count}
	if more := int64(len(call.Targets)); more > trail.MaxTargets {
		o.N = max(o.N, more)
	}
	switch {
	case call.Panicked:
		o.Result, o.Reason = trail.Unknown, "panic"
	case status >= 400:
		o.Result, o.Reason = trail.Failure, call.Code
	}
	return o
}

// commitContext commits to where the call came from and, at a failed sign-in, to the name typed.
func (e *entry) commitContext(call *api.Call) error {
	if call.Address.IsValid() {
		if err := e.commitPersonal("address", call.Address.String()); err != nil {
			return err
		}
	}
	if err := e.commitPersonal("user_agent", call.UserAgent); err != nil {
		return err
	}
	return e.commitPersonal("login", call.Typed)
}

// commitPersonal commits to a value of the context, unless there is none.
func (e *entry) commitPersonal(name, value string) error {
	if value == "" {
		return nil
	}
	c, err := e.commit(personalPrefix+name, value)
	if err != nil {
		return fmt.Errorf("committing to %s: %w", name, err)
	}
	if e.record.Context.Personal == nil {
		e.record.Context.Personal = map[string]trail.Commitment{}
	}
	e.record.Context.Personal[name] = c
	return nil
}

// personalPrefix begins the path of a personal value in a record, which its commitment is made under.
const personalPrefix = "context.personal."

// commitChanges adds the changed fields whose values are a person's own.
func (e *entry) commitChanges(changes []api.PrivateChange) error {
	for _, p := range changes {
		before, err := e.commitUnlessEmpty("change."+p.Field+".old", p.Before)
		if err != nil {
			return err
		}
		after, err := e.commitUnlessEmpty("change."+p.Field+".new", p.After)
		if err != nil {
			return err
		}
		e.record.Change.Committed(p.Field, before, after)
	}
	return nil
}

func (e *entry) commitUnlessEmpty(field, value string) (trail.Commitment, error) {
	if value == "" {
		return "", nil
	}
	return e.commit(field, value)
}
