package server

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

var errNoTenant = fault.Define(fault.NotFound, "unknown_tenant",
	"There is no such tenant.", "租户不存在。",
	"usher tenant list shows the tenants that there are, by their short names.")

// machine is the caller behind a command on the machine, in the tenant that it names.
func (s *Server) machine(ctx context.Context, slug string) (*caller.Caller, error) {
	t, err := s.Tenants.BySlug(ctx, slug)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errNoTenant
	}
	if err != nil {
		return nil, err
	}
	compiled, err := s.Policy.Snapshot(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	return caller.OnMachine(compiled.Snapshot, compiled.Version, s.now())
}
