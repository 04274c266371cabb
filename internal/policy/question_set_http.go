package policy

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

type filterInput struct {
	Body struct {
		Subject  string `json:"subject,omitempty" maxLength:"64" doc:"Id of the user asked about; absent: oneself"`
		Resource string `json:"resource" maxLength:"64"`
		Action   string `json:"action" maxLength:"64"`
	}
}

type filterOutput struct {
	Body struct {
		Everything  bool     `json:"everything" doc:"All objects of the resource in the tenant; the rest of the answer is empty then"`
		Own         []string `json:"own" enum:"owner,assignee" doc:"Which relations of the subject to an object count"`
		Unassigned  bool     `json:"unassigned" doc:"Objects that can have an assignee and have none"`
		Departments []string `json:"departments" doc:"Objects of any of these; ids, those below included"`
	}
}

// handleFilter answers which objects a check would allow, for programs that list objects of their own.
func (s *Service) handleFilter(ctx context.Context, in *filterInput) (*filterOutput, error) {
	by := caller.Must(ctx)
	op, err := operation(by, in.Body.Resource, in.Body.Action, "body.resource")
	if err != nil {
		return nil, err
	}
	subject, err := subjectOf(ctx, by, in.Body.Subject)
	if err != nil {
		return nil, err
	}
	f := subject.Filter(op, by.At)
	out := &filterOutput{}
	out.Body.Everything, out.Body.Unassigned = f.Everything, f.Unassigned
	out.Body.Own, out.Body.Departments = relations(f), append([]string{}, f.Departments...)
	return out, nil
}

func relations(f access.Filter) []string {
	names := []string{}
	if f.Owner {
		names = append(names, string(access.Owner))
	}
	if f.Assignee {
		names = append(names, string(access.Assignee))
	}
	return names
}

type whatCanInput struct {
	Body struct {
		Subject string `json:"subject,omitempty" maxLength:"64" doc:"Id of the user asked about; absent: oneself"`
	}
}

// handleWhatCan answers what somebody can do now, and through what.
func (s *Service) handleWhatCan(ctx context.Context, in *whatCanInput) (*api.PageOutput[effectiveJSON], error) {
	by := caller.Must(ctx)
	subject, err := subjectOf(ctx, by, in.Body.Subject)
	if err != nil {
		return nil, err
	}
	return whatCan(ctx, subject, by), nil
}
