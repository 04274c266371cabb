// Package policy keeps a tenant's access policy as rows: roles, who has which, permission lists. It
// compiles them into snapshots that every other package asks, answers questions about access over
// HTTP, and holds every change of access, whichever package makes it, to the guard rails.
package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB    *store.DB
	Audit *audit.Service

	// CanSignIn returns which of these users of the transaction's tenant can sign in.
	CanSignIn func(ctx context.Context, tx *store.Tx, users []string) ([]string, error)
}

// Service keeps the policies of all tenants.
type Service struct {
	config Config
	shelf  shelf
}

// New returns a Service.
func New(config Config) *Service { return &Service{config: config} }

// Routes registers the operations on roles and assignments, and the questions about access.
func (s *Service) Routes(a *api.API) {
}
