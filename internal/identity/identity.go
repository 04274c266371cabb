// Package identity keeps the people of a tenant: users, their profiles, passwords, and the links by
// which they choose one. Nobody chooses a password for somebody else.
package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// SessionEnder ends sessions; package session has it.
type SessionEnder interface {
	// EndSessions ends the user's sessions, all but the one named except, in the transaction, and
	// makes every token of theirs worthless once it commits.
	EndSessions(ctx context.Context, tx *store.Tx, user string, except string, reason string) error
}

// Config is what the package needs from its neighbours.
type Config struct {
	DB       *store.DB
	Audit    *audit.Service
	Tenants  *tenant.Service
	Sessions SessionEnder

	URL        string // the public address, which links begin with
	BcryptCost int    // 10 to 15; 0 stands for 12
}

// Service keeps users and their passwords.
type Service struct{ config Config }

// New returns a Service.
func New(config Config) *Service { return &Service{config: config} }

// Routes registers the operations on users, profiles and links.
func (s *Service) Routes(a *api.API) {}
