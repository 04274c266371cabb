package trail

import (
	"fmt"
	"maps"
	"slices"
)

// timeFormat is RFC 3339 in UTC with exactly six digits after the second.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// Encode returns the canonical bytes of r: one line of RFC 8785 JSON without a newline, whatever its strings
// hold. Equal records have equal bytes. A record that does not satisfy the format is refused with an [*Error];
// there is no other.
func (r Record) Encode() ([]byte, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	w := writer{buf: make([]byte, 0, 1024)}
	w.record(&r)
	if len(w.buf) > MaxRecord {
		return nil, &Error{Problem: fmt.Sprintf("has %d bytes, more than %d", len(w.buf), MaxRecord)}
	}
	return w.buf, nil
}

// The methods below write members in ascending order of their names, as the canonical form wants them.

func (w *writer) record(r *Record) {
	w.open('{')
	w.action(r.Action)
	w.actor(r.Actor)
	w.change(r.Change)
	w.context(r.Context)
	w.text("id", r.ID)
	w.text("log", r.Log)
	w.outcome(r.Outcome)
	w.targets(r.Target)
	w.text("time", r.Time.UTC().Format(timeFormat))
	w.number("v", Version)
	w.close('}')
}

func (w *writer) action(a Action) {
	w.name("action")
	w.open('{')
	w.text("event", a.Event)
	w.text("method", a.Method)
	w.text("op", string(a.Op))
	w.text("permission", a.Permission)
	w.text("policy", a.Policy)
	w.text("route", a.Route)
	w.text("step_up", string(a.StepUp))
	w.close('}')
}

func (w *writer) actor(a Actor) {
	w.name("actor")
	w.open('{')
	if len(a.AMR) > 0 {
		w.texts("amr", a.AMR)
	}
	if a.For != nil {
		w.name("for")
		w.ref(*a.For)
	}
	w.text("id", a.ID)
	if len(a.Roles) > 0 {
		w.texts("roles", sortedSet(a.Roles))
	}
	w.text("sid", a.SID)
	w.text("type", string(a.Type))
	w.close('}')
}

func (w *writer) change(c Change) {
	if len(c.fields) == 0 {
		return
	}
	w.name("change")
	w.open('{')
	for f := range c.All() {
		w.name(f.Field)
		w.open('{')
		w.committed(f)
		if f.New != nil {
			w.texts("new", f.New)
		}
		if f.Old != nil {
			w.texts("old", f.Old)
		}
		w.close('}')
	}
	w.close('}')
}

func (w *writer) committed(f FieldChange) {
	if f.OldCommitted == "" && f.NewCommitted == "" {
		return
	}
	w.name("committed")
	w.open('{')
	w.text("new", string(f.NewCommitted))
	w.text("old", string(f.OldCommitted))
	w.close('}')
}

func (w *writer) context(c Context) {
	w.name("context")
	w.open('{')
	w.text("node", c.Node)
	if len(c.Personal) > 0 {
		w.name("personal")
		w.open('{')
		for _, field := range sortedKeys(c.Personal) {
			w.text(field, string(c.Personal[field]))
		}
		w.close('}')
	}
	w.text("request", c.Request)
	w.text("tenant", c.Tenant)
	w.close('}')
}

func (w *writer) outcome(o Outcome) {
	w.name("outcome")
	w.open('{')
	w.number("code", int64(o.Code))
	w.number("ms", o.MS)
	w.number("n", o.N)
	w.text("reason", o.Reason)
	w.text("result", string(o.Result))
	w.close('}')
}

func (w *writer) targets(targets []Ref) {
	if len(targets) == 0 {
		return
	}
	w.name("target")
	w.open('[')
	for _, t := range targets {
		w.next()
		w.ref(t)
	}
	w.close(']')
}

func (w *writer) ref(r Ref) {
	w.open('{')
	w.text("id", r.ID)
	w.text("type", r.Type)
	w.close('}')
}

func sortedKeys(m map[string]Commitment) []string {
	return slices.Sorted(maps.Keys(m))
}
