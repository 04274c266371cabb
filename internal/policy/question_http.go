package policy

import (
	"cmp"
	"context"
	"errors"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

type holdsInput struct {
	Body struct {
		Subject  string `json:"subject,omitempty" maxLength:"64" doc:"Id of the user asked about; absent: oneself"`
		Resource string `json:"resource" maxLength:"64"`
		Action   string `json:"action" maxLength:"64"`
		Scope    string `json:"scope,omitempty" maxLength:"64" doc:"own, unassigned, department or all; absent: own"`
	}
}

type holdsOutput struct {
	Body struct {
		Allow bool `json:"allow"`
	}
}

type checkInput struct {
	Body struct {
		Subject string     `json:"subject,omitempty" maxLength:"64" doc:"Id of the user asked about; absent: oneself"`
		Action  string     `json:"action" maxLength:"64"`
		Object  objectJSON `json:"object"`
	}
}

// objectJSON is an object as the asker describes it. What is absent never covers.
type objectJSON struct {
	Resource    string   `json:"resource" maxLength:"64"`
	ID          string   `json:"id,omitempty" maxLength:"128" doc:"Absent for one that is about to exist"`
	Tenant      string   `json:"tenant,omitempty" maxLength:"64" doc:"Absent: the caller's"`
	Owners      []string `json:"owners,omitempty" maxItems:"1000" maxLength:"64" doc:"Ids of users"`
	Assignee    *string  `json:"assignee" required:"false" maxLength:"64" doc:"Id of a user; null or absent: nobody"`
	Assignable  bool     `json:"assignable,omitempty" doc:"Whether it can have an assignee"`
	Departments []string `json:"departments,omitempty" maxItems:"1000" maxLength:"64" doc:"Ids of departments"`
}

type checkOutput struct {
	Body struct {
		Allow  bool    `json:"allow"`
		Reason *string `json:"reason" doc:"Why not; null when allowed"`
	}
}

type explainOutput struct {
	Body struct {
		Allow  bool     `json:"allow"`
		By     []string `json:"by" doc:"The roles whose grants allow, sorted, or \"permissions\", the user's own list"`
		Reason *string  `json:"reason" doc:"Why not; null when allowed"`
		Needs  *string  `json:"needs" doc:"The first scope that would have covered the object; null when allowed, and where none would"`
		Have   []string `json:"have" doc:"When not allowed: the highest scopes in force for the action"`
	}
}

func (s *Service) handleHolds(ctx context.Context, in *holdsInput) (*holdsOutput, error) {
	by := caller.Must(ctx)
	op, err := operation(by, in.Body.Resource, in.Body.Action, "body.resource")
	if err != nil {
		return nil, err
	}
	scope := access.Own
	if in.Body.Scope != "" {
		if scope, err = access.ParseScope(in.Body.Scope); err != nil {
			return nil, fault.ErrInvalid.At("body.scope", "expected own, unassigned, department or all")
		}
	}
	subject, err := subjectOf(ctx, by, in.Body.Subject)
	if err != nil {
		return nil, err
	}
	out := &holdsOutput{}
	out.Body.Allow = subject.Holds(op, scope, by.At)
	return out, nil
}

func (s *Service) handleCheck(ctx context.Context, in *checkInput) (*checkOutput, error) {
	e, err := explain(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &checkOutput{}
	out.Body.Allow, out.Body.Reason = e.Allow, nullable(string(e.Reason))
	return out, nil
}

func (s *Service) handleExplain(ctx context.Context, in *checkInput) (*explainOutput, error) {
	e, err := explain(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &explainOutput{}
	out.Body.Allow, out.Body.By, out.Body.Reason = e.Allow, append([]string{}, e.By...), nullable(string(e.Reason))
	out.Body.Have = scopeNames(e.Have)
	if e.Needs != 0 {
		out.Body.Needs = nullable(e.Needs.String())
	}
	return out, nil
}

// explain answers one question about an object.
func explain(ctx context.Context, in *checkInput) (access.Explanation, error) {
	by := caller.Must(ctx)
	op, object, err := asked(ctx, by, in.Body.Object, in.Body.Action)
	if err != nil {
		return access.Explanation{}, err
	}
	subject, err := subjectOf(ctx, by, in.Body.Subject)
	if err != nil {
		return access.Explanation{}, err
	}
	return subject.Explain(op, object, by.At), nil
}

// asked is what a question is about. That the object is of another tenant is an answer, and one for the
// platform's trail as well.
func asked(ctx context.Context, by *caller.Caller, described objectJSON, action string) (access.Operation, *access.Object, error) {
	object := described.object(by.Tenant)
	if object.Tenant != by.Tenant {
		api.NamedForeign(ctx)
	}
	op, err := operation(by, object.Resource, action, "body.object.resource")
	return op, object, err
}

func (o objectJSON) object(tenant string) *access.Object {
	out := &access.Object{
		Tenant: cmp.Or(o.Tenant, tenant), Resource: o.Resource, ID: o.ID, Owners: o.Owners, Assignable: o.Assignable, Departments: o.Departments,
	}
	if o.Assignee != nil {
		out.Assignee = *o.Assignee
	}
	return out
}

// operation looks up what the question is about. Unknown names have no answer, not even a no.
func operation(by *caller.Caller, resource, action, place string) (access.Operation, error) {
	op, err := by.Catalogue.Operation(resource, action)
	if err == nil {
		return op, nil
	}
	if unknown := (*access.UnknownError)(nil); errors.As(err, &unknown) && unknown.Kind == "action" {
		place = "body.action"
	}
	return access.Operation{}, fault.ErrInvalid.At(place, "%s", complaint(err))
}

// subjectOf finds who is asked about: oneself, or somebody whom one's user:read covers.
func subjectOf(ctx context.Context, by *caller.Caller, id string) (access.Subject, error) {
	if id == "" || id == by.User {
		return by.Subject, nil
	}
	if err := mayRead(by, id); err != nil {
		return access.Subject{}, err
	}
	api.Touched(ctx, "user", id)
	subject, _ := by.Subject.Snapshot().Subject(id)
	return subject, nil
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
