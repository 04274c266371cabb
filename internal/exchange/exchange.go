// Package exchange brings the users, departments, roles and assignments of a tenant in from files, and takes
// them out: as comma-separated values for spreadsheets, and as JSON.
//
// A file is judged as a whole. Everything wrong with it is said at once, row by row, and nothing of it is
// kept while anything is wrong.
package exchange

import (
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB       *store.DB
	Audit    *audit.Service
	Policy   *policy.Service
	Identity *identity.Service
}

// Service imports and exports.
type Service struct{ config Config }

// New returns a Service.
func New(config Config) *Service { return &Service{config} }

// Routes registers an import and an export of each table.
func (s *Service) Routes(a *api.API) {
	s.importRoutes(a)
	s.exportRoutes(a)
}
