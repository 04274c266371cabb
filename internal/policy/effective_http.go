package policy

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

type effectiveJSON struct {
	Permission  string   `json:"permission"`
	By          []string `json:"by" doc:"The roles that it comes from, or \"permissions\" for the user's own list"`
	Departments []string `json:"departments" nullable:"true" doc:"At scope department: all that it reaches; else null"`
}

// handleUserAccess answers what a user can do now, and through what.
func (s *Service) handleUserAccess(ctx context.Context, in *UserPath) (*api.PageOutput[effectiveJSON], error) {
	by := caller.Must(ctx)
	if err := mayRead(by, in.ID); err != nil {
		return nil, err
	}
	subject, _ := by.Subject.Snapshot().Subject(in.ID)
	api.Touched(ctx, "user", in.ID)
	return whatCan(ctx, subject, by), nil
}

// whatCan lists what somebody can do at the time of the call, and through what.
func whatCan(ctx context.Context, subject access.Subject, by *caller.Caller) *api.PageOutput[effectiveJSON] {
	out := &api.PageOutput[effectiveJSON]{Body: api.Page[effectiveJSON]{Items: []effectiveJSON{}}}
	for _, e := range subject.WhatCan(by.At) {
		out.Body.Items = append(out.Body.Items, effective(e))
	}
	api.Counted(ctx, len(out.Body.Items))
	return out
}

func effective(e access.Effective) effectiveJSON {
	out := effectiveJSON{Permission: e.Permission.String(), By: e.By}
	if e.Permission.Scope == access.Departmental {
		out.Departments = append([]string{}, e.Departments...)
	}
	return out
}
