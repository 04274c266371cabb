package world

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
)

// An Answerer holds the tenants of one world and is asked its questions, all
// at the world's instant. An error is a wrong answer.
type Answerer interface {
	// Check returns Allow with By, or Reason; Needs and Have are not asked for.
	Check(ctx context.Context, tenant, subject, action string, o access.Object) (access.Explanation, error)
	// Holds reports whether there is a grant at the scope or higher.
	Holds(ctx context.Context, tenant, subject, resource, action string, scope access.Scope) (bool, error)
	// Filter returns the ids of the tenant's objects that Check allows.
	Filter(ctx context.Context, tenant, subject, resource, action string) ([]string, error)
	// WhoCan returns the ids of the tenant's subjects for whom Check allows.
	WhoCan(ctx context.Context, tenant, action string, o access.Object) ([]string, error)
	// Preview returns what the change of a role does, without changing it.
	Preview(ctx context.Context, tenant, role string, change Change) ([]Difference, error)
}

// A Result counts questions. Each one counts once; a check passes only with
// the right By and Reason.
type Result struct {
	Passed, Failed int
	Failures       []Failure // in the order of the questions
}

// A Failure is a question that was answered wrongly.
type Failure struct {
	Question, Want, Got string
}

// String tells the failure in one line.
func (f Failure) String() string {
	return fmt.Sprintf("%s: want %s, got %s", f.Question, f.Want, f.Got)
}

// Run puts every question of the world to a and compares the answers.
func Run(ctx context.Context, w *World, a Answerer) Result {
	r := &Result{}
	for _, q := range w.Checks {
		r.check(ctx, w, a, q)
	}
	for _, q := range w.Holds {
		got, err := a.Holds(ctx, q.Tenant, q.Subject, q.Resource, q.Action, q.Scope)
		r.count(fmt.Sprintf("holds: %s/%s %s:%s:%v", q.Tenant, q.Subject, q.Resource, q.Action, q.Scope),
			fmt.Sprint(q.Allow), fmt.Sprint(got), err)
	}
	for _, q := range w.Filters {
		got, err := a.Filter(ctx, q.Tenant, q.Subject, q.Resource, q.Action)
		r.count(fmt.Sprintf("filter: %s/%s %s:%s", q.Tenant, q.Subject, q.Resource, q.Action),
			sorted(q.Objects), sorted(got), err)
	}
	for _, q := range w.WhoCan {
		got, err := a.WhoCan(ctx, q.Tenant, q.Action, *w.object(q.Tenant, q.Object))
		r.count(fmt.Sprintf("who can: %s %s", q.Action, q.Tenant+"/"+q.Object), sorted(q.Subjects), sorted(got), err)
	}
	for _, q := range w.Previews {
		got, err := a.Preview(ctx, q.Tenant, q.Role, q.Change)
		r.count(fmt.Sprintf("preview: %s role %s, %v", q.Tenant, q.Role, q.Change),
			told(q.Result), told(got), err)
	}
	return *r
}

func (r *Result) check(ctx context.Context, w *World, a Answerer, q Check) {
	want := access.Explanation{Allow: q.Allow, By: q.By}
	if q.Reason != nil {
		want.Reason = *q.Reason
	}
	got, err := a.Check(ctx, q.Tenant, q.Subject, q.Action, *w.object(q.ObjectTenant, q.Object))
	r.count(fmt.Sprintf("check: %s/%s %s %s/%s", q.Tenant, q.Subject, q.Action, q.ObjectTenant, q.Object),
		decision(want), decision(got), err)
}

func (r *Result) count(question, want, got string, err error) {
	if err != nil {
		got = "error: " + err.Error()
	}
	if got == want {
		r.Passed++
		return
	}
	r.Failed++
	r.Failures = append(r.Failures, Failure{question, want, got})
}

// decision keeps the order of By: that it is sorted is part of the answer.
func decision(e access.Explanation) string {
	if e.Allow {
		return fmt.Sprintf("allow by %q%s", e.By, e.Reason)
	}
	return fmt.Sprintf("deny %s%s", e.Reason, strings.Join(e.By, " "))
}

func sorted(ids []string) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return fmt.Sprintf("%q", ids)
}

// told sorts subjects; permissions must come sorted.
func told(differences []Difference) string {
	var lines []string
	for _, d := range differences {
		lines = append(lines, fmt.Sprintf("%s gains %v loses %v", d.Subject, d.Gained, d.Lost))
	}
	slices.Sort(lines)
	return "[" + strings.Join(lines, "; ") + "]"
}

// String names what changes.
func (c Change) String() string {
	var parts []string
	if c.Active != nil {
		parts = append(parts, fmt.Sprintf("active %t", *c.Active))
	}
	if c.Permissions != nil {
		parts = append(parts, fmt.Sprintf("permissions %v", c.Permissions))
	}
	return strings.Join(parts, ", ")
}
