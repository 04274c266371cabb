package audit

import (
	"fmt"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/trail"
)

// entry is a record with what lies beside it: the personal values that it only commits to.
type entry struct {
	record   trail.Record
	bytes    []byte
	personal []personal
}

// personal is one value that can be erased without touching the record.
type personal struct {
	field, value string
	salt         []byte
}

// commit adds a personal value and returns what the record says of it.
func (e *entry) commit(field, value string) (trail.Commitment, error) {
	salt := trail.NewSalt()
	c, err := trail.Commit(salt, e.record.Log, e.record.ID, field, value)
	if err != nil {
		return "", err
	}
	e.personal = append(e.personal, personal{field, value, salt})
	return c, nil
}

func (e *entry) encode() (err error) {
	e.bytes, err = e.record.Encode()
	return err
}

// entryOf makes the record of a call for one trail.
func (s *Service) entryOf(call *api.Call, tenant string, status int) (entry, error) {
	e := entry{record: trail.Record{
		ID:      call.ID,
		Log:     s.log(tenant),
		Time:    call.Started,
		Actor:   actorOf(call),
		Action:  actionOf(call),
		Target:  call.Targets,
		Change:  call.Changes,
		Context: trail.Context{Tenant: tenant, Request: call.Request, Node: s.config.Node},
		Outcome: outcomeOf(call, status),
	}}
	if err := e.commitContext(call); err != nil {
		return entry{}, err
	}
	if err := e.commitChanges(call.Private); err != nil {
		return entry{}, err
	}
	return e, e.encode()
}

func actorOf(call *api.Call) trail.Actor {
	who := call.Caller
	if who == nil {
		return trail.Actor{Type: trail.Anonymous}
	}
	kind := trail.User
	if who.Tenant == PlatformTenant {
		kind = trail.Platform
	}
	return trail.Actor{Type: kind, ID: who.User, Roles: who.Roles, SID: who.Session, AMR: who.AMR}
}

func actionOf(call *api.Call) trail.Action {
	a := trail.Action{
		Op:     trail.HTTP,
		Method: call.Operation.Method,
		Route:  call.Operation.Path,
		Event:  call.Operation.Event,
		StepUp: call.StepUp,
	}
	if call.Caller == nil {
		return a
	}
	a.Policy = strconv.FormatInt(call.Caller.Policy, 10)
	a.Permission = call.Caller.Decided()
	if a.Permission == "" {
		a.Permission = call.Operation.Access.Permission()
	}
	return a
}

func outcomeOf(call *api.Call, status int) trail.Outcome {
	o := trail.Outcome{Result: trail.Success, Code: status, MS: elapsed(call), N: call.Count}
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
	values := map[string]string{"user_agent": call.UserAgent, "login": call.Typed}
	if call.Address.IsValid() {
		values["address"] = call.Address.String()
	}
	e.record.Context.Personal = map[string]trail.Commitment{}
	for field, value := range values {
		if value == "" {
			continue
		}
		c, err := e.commit("context.personal."+field, value)
		if err != nil {
			return fmt.Errorf("committing to %s: %w", field, err)
		}
		e.record.Context.Personal[field] = c
	}
	return nil
}

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
