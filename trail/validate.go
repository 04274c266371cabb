package trail

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// validate returns the first thing wrong with r as an *Error. What passes can be encoded without further questions,
// except for its size as a whole.
func (r *Record) validate() error {
	var c checker
	if !isUUIDv7(r.ID) {
		c.fail("id", "is not a UUIDv7 in lower case")
	}
	c.text("log", r.Log)
	if !isLog(r.Log) {
		c.fail("log", "is not of the form <host>/audit/<tenant id>")
	}
	if y := r.Time.UTC().Year(); r.Time.IsZero() || y < 1 || y > 9999 {
		c.fail("time", "is missing or beyond the year 9999")
	}
	c.actor(r.Actor)
	c.action(r.Action)
	c.targets(r.Target)
	c.change(r.Change)
	c.context(r.Context, r.Action.remote())
	c.outcome(r.Outcome)
	return c.error()
}

// remote reports whether somebody at the other end of a connection asked for it.
func (a Action) remote() bool { return a.Op == HTTP || a.Op == WS }

// checker looks at every field of a record.
type checker struct{ failure }

func (c *checker) actor(a Actor) {
	oneOf(c, "actor.type", a.Type, User, Application, Platform, System, Anonymous)
	if a.Type == Anonymous {
		if a.ID != "" || len(a.Roles) > 0 || a.SID != "" || len(a.AMR) > 0 || a.For != nil {
			c.fail("actor", "is anonymous and yet says who it is")
		}
		return
	}
	c.required("actor.id", a.ID)
	if len(a.Roles) > MaxRoles {
		c.fail("actor.roles", fmt.Sprintf("has %d entries, more than %d", len(a.Roles), MaxRoles))
	}
	c.texts("actor.roles", a.Roles)
	c.text("actor.sid", a.SID)
	c.texts("actor.amr", a.AMR)
	if a.For != nil {
		c.ref("actor.for", *a.For)
	}
}

func (c *checker) action(a Action) {
	oneOf(c, "action.op", a.Op, HTTP, WS, Job, CLI)
	if a.remote() {
		c.required("action.method", a.Method)
		c.required("action.route", a.Route)
	}
	c.text("action.method", a.Method)
	c.text("action.route", a.Route)
	if strings.ContainsAny(a.Route, "?#") {
		c.fail("action.route", "is not the template of a route")
	}
	if !isName(a.Event) || !strings.Contains(a.Event, ".") {
		c.fail("action.event", "is not a name such as role.update")
	}
	if a.Permission != "" && !isTerm(a.Permission) {
		c.fail("action.permission", "is not a permission")
	}
	oneOf(c, "action.step_up", a.StepUp, "", StepUpNone, StepUpFresh)
	c.text("action.policy", a.Policy)
}

func (c *checker) targets(targets []Ref) {
	if len(targets) > MaxTargets {
		c.fail("target", fmt.Sprintf("has %d entries, more than %d", len(targets), MaxTargets))
	}
	for i, t := range targets {
		if !t.valid() { // the field's name costs more than the check
			c.ref(fmt.Sprintf("target[%d]", i), t)
		}
	}
}

func (c *checker) change(change Change) {
	for f := range change.All() {
		c.name("change."+f.Field, f.Field)
		for _, v := range slices.Concat(f.Old, f.New) {
			if !isTerm(v) {
				c.fail("change."+f.Field, "shows a value that is no enumeration, role or permission")
			}
		}
		if (f.Old != nil || f.New != nil) && (f.OldCommitted != "" || f.NewCommitted != "") {
			c.fail("change."+f.Field, "shows its values and commits to them too")
		}
		if f.OldCommitted != "" {
			c.commitment("change."+f.Field+".old", f.OldCommitted)
		}
		if f.NewCommitted != "" {
			c.commitment("change."+f.Field+".new", f.NewCommitted)
		}
	}
}

func (c *checker) context(x Context, remote bool) {
	c.required("context.tenant", x.Tenant)
	if remote {
		c.required("context.request", x.Request)
	}
	c.text("context.request", x.Request)
	c.required("context.node", x.Node)
	for _, field := range sortedKeys(x.Personal) {
		c.name("context.personal."+field, field)
		c.commitment("context.personal."+field, x.Personal[field])
	}
}

func (c *checker) outcome(o Outcome) {
	oneOf(c, "outcome.result", o.Result, Success, Failure, Unknown)
	c.number("outcome.code", int64(o.Code))
	c.number("outcome.ms", o.MS)
	c.number("outcome.n", o.N)
	if o.Reason == "" && o.Result == Failure {
		c.fail("outcome.reason", "is missing from a failure")
	}
	if o.Reason != "" {
		c.name("outcome.reason", o.Reason)
	}
}

func (c *checker) ref(field string, r Ref) {
	c.name(field+".type", r.Type)
	c.required(field+".id", r.ID)
}

func (r Ref) valid() bool { return isName(r.Type) && r.ID != "" && textProblem(r.ID) == "" }

func (c *checker) required(field, s string) {
	if s == "" {
		c.fail(field, "is missing")
	}
	c.text(field, s)
}

func (c *checker) text(field, s string) {
	if p := textProblem(s); p != "" {
		c.fail(field, p)
	}
}

func (c *checker) texts(field string, list []string) {
	for i, s := range list {
		if s == "" || textProblem(s) != "" {
			c.required(fmt.Sprintf("%s[%d]", field, i), s)
		}
	}
}

func (c *checker) name(field, s string) {
	if !isName(s) {
		c.fail(field, "is not a name in lower case")
	}
}

func (c *checker) number(field string, n int64) {
	if n < 0 || n > maxInteger {
		c.fail(field, "is negative or not below 2^53")
	}
}

func (c *checker) commitment(field string, m Commitment) {
	if !m.wellFormed() {
		c.fail(field, "is not a commitment")
	}
}

// oneOf is a function because methods have no type parameters.
func oneOf[T ~string](c *checker, field string, v T, known ...T) {
	if !slices.Contains(known, v) {
		c.fail(field, `has the unknown value "`+printable(string(v))+`"`)
	}
}

// textProblem returns what is wrong with s, or "".
func textProblem(s string) string {
	switch {
	case len(s) > MaxText:
		return fmt.Sprintf("has %d bytes, more than %d", len(s), MaxText)
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	}
	return ""
}
