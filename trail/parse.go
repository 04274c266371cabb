package trail

import (
	"bytes"
	"fmt"
	"time"
)

// Parse reads the canonical bytes of a record. It refuses, with an [*Error], everything that Encode would not have
// written: another version, unknown or repeated fields, names in another case, blanks, other escapes, values beyond
// the bounds. What it returns encodes to the same bytes again.
//
// Whoever verifies a trail must hash the bytes before parsing them: the hash covers what was stored, not what was
// understood.
func Parse(b []byte) (Record, error) {
	if len(b) > MaxRecord {
		return Record{}, &Error{Problem: fmt.Sprintf("has %d bytes, more than %d", len(b), MaxRecord)}
	}
	v, err := scan(string(b))
	if err != nil {
		return Record{}, err
	}
	var d decoder
	r := d.record(v)
	if err := d.error(); err != nil {
		return Record{}, err
	}
	again, err := r.Encode()
	if err != nil {
		return Record{}, err
	}
	if !bytes.Equal(again, b) {
		return Record{}, &Error{Problem: "is not in canonical form"}
	}
	return r, nil
}

// decoder turns values into a record. It does not judge what the fields hold: Encode does.
type decoder struct{ failure }

func (d *decoder) record(v value) (r Record) {
	version := int64(0)
	for name, v := range d.members("", v) {
		switch name {
		case "action":
			r.Action = d.action(v)
		case "actor":
			r.Actor = d.actor(v)
		case "change":
			r.Change = d.change(v)
		case "context":
			r.Context = d.context(v)
		case "id":
			r.ID = d.text(name, v)
		case "log":
			r.Log = d.text(name, v)
		case "outcome":
			r.Outcome = d.outcome(v)
		case "target":
			r.Target = d.targets(v)
		case "time":
			r.Time = d.time(name, v)
		case "v":
			version = d.number(name, v)
		default:
			d.unknown(name)
		}
	}
	if version != Version {
		d.fail("v", fmt.Sprintf("is not %d", Version))
	}
	return r
}

func (d *decoder) action(v value) (a Action) {
	for name, v := range d.members("action", v) {
		field := "action." + name
		switch name {
		case "event":
			a.Event = d.text(field, v)
		case "method":
			a.Method = d.text(field, v)
		case "op":
			a.Op = Op(d.text(field, v))
		case "permission":
			a.Permission = d.text(field, v)
		case "policy":
			a.Policy = d.text(field, v)
		case "route":
			a.Route = d.text(field, v)
		case "step_up":
			a.StepUp = StepUp(d.text(field, v))
		default:
			d.unknown(field)
		}
	}
	return a
}

func (d *decoder) actor(v value) (a Actor) {
	for name, v := range d.members("actor", v) {
		field := "actor." + name
		switch name {
		case "amr":
			a.AMR = d.texts(field, v)
		case "for":
			ref := d.ref(field, v)
			a.For = &ref
		case "id":
			a.ID = d.text(field, v)
		case "roles":
			a.Roles = d.texts(field, v)
		case "sid":
			a.SID = d.text(field, v)
		case "type":
			a.Type = ActorType(d.text(field, v))
		default:
			d.unknown(field)
		}
	}
	return a
}

func (d *decoder) change(v value) (c Change) {
	for name, v := range d.members("change", v) {
		f := FieldChange{Field: name}
		for kind, v := range d.members("change."+name, v) {
			field := "change." + name + "." + kind
			switch kind {
			case "committed":
				f.OldCommitted, f.NewCommitted = d.committed(field, v)
			case "new":
				f.New = d.texts(field, v)
			case "old":
				f.Old = d.texts(field, v)
			default:
				d.unknown(field)
			}
		}
		c.fields = append(c.fields, f)
	}
	return c
}

func (d *decoder) committed(field string, v value) (before, after Commitment) {
	for name, v := range d.members(field, v) {
		switch name {
		case "new":
			after = Commitment(d.text(field+".new", v))
		case "old":
			before = Commitment(d.text(field+".old", v))
		default:
			d.unknown(field + "." + name)
		}
	}
	return before, after
}

func (d *decoder) context(v value) (c Context) {
	for name, v := range d.members("context", v) {
		field := "context." + name
		switch name {
		case "node":
			c.Node = d.text(field, v)
		case "personal":
			c.Personal = map[string]Commitment{}
			for name, v := range d.members(field, v) {
				c.Personal[name] = Commitment(d.text(field+"."+name, v))
			}
		case "request":
			c.Request = d.text(field, v)
		case "tenant":
			c.Tenant = d.text(field, v)
		default:
			d.unknown(field)
		}
	}
	return c
}

func (d *decoder) outcome(v value) (o Outcome) {
	for name, v := range d.members("outcome", v) {
		field := "outcome." + name
		switch name {
		case "code":
			o.Code = int(d.number(field, v))
		case "ms":
			o.MS = d.number(field, v)
		case "n":
			o.N = d.number(field, v)
		case "reason":
			o.Reason = d.text(field, v)
		case "result":
			o.Result = Result(d.text(field, v))
		default:
			d.unknown(field)
		}
	}
	return o
}

func (d *decoder) targets(v value) (targets []Ref) {
	for i, item := range d.items("target", v) {
		targets = append(targets, d.ref(fmt.Sprintf("target[%d]", i), item))
	}
	return targets
}

func (d *decoder) ref(field string, v value) (r Ref) {
	for name, v := range d.members(field, v) {
		switch name {
		case "id":
			r.ID = d.text(field+".id", v)
		case "type":
			r.Type = d.text(field+".type", v)
		default:
			d.unknown(field + "." + name)
		}
	}
	return r
}

func (d *decoder) time(field string, v value) time.Time {
	t, err := time.Parse(timeFormat, d.text(field, v))
	if err != nil {
		d.fail(field, "is not an RFC 3339 time in UTC with microseconds")
	}
	return t
}
