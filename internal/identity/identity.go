// Package identity keeps the people of a tenant: users, their profiles, passwords, the links by
// which they choose one, and second factors. Nobody chooses a password for somebody else.
package identity

import (
	"context"
	"net/http"
	"runtime"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// SessionEnder ends sessions; package session has it.
type SessionEnder interface {
	// EndSessions ends the user's sessions, all but the one named except, in the transaction, and
	// makes every token of theirs worthless once it commits. reason goes into the rows.
	EndSessions(ctx context.Context, tx *store.Tx, user string, except string, reason string) error
}

// Config is what the package needs from its neighbours.
type Config struct {
	DB       *store.DB
	Audit    *audit.Service
	Policy   *policy.Service
	Tenants  *tenant.Service
	Sessions SessionEnder
	Master   *seal.Key // seals second factors

	URL        string // the public address, which links begin with
	BcryptCost int    // of new hashes; 0 stands for 12
}

// Service keeps users and their passwords.
type Service struct {
	config Config
	hashes *queue // bounds the work on passwords
}

// defaultCost makes a hash take about a quarter of a second.
const defaultCost = 12

// waiting is how many passwords may wait for a processor before more are turned away.
const waiting = 64

// New returns a Service.
func New(config Config) *Service {
	if config.BcryptCost == 0 {
		config.BcryptCost = defaultCost
	}
	return &Service{config: config, hashes: newQueue(runtime.NumCPU(), waiting)}
}

// Routes registers the operations on users, profiles and links.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "user-list", Method: http.MethodGet, Path: "/v1/users", Summary: "List users by name, or look some up",
		Access: api.Needs("user:read", "user:view"), Tenant: api.OfCaller, Event: "user.list", Machine: true, Limit: api.Ordinary,
	}, s.handleUsers)
	api.Register(a, api.Operation{
		ID: "user-create", Method: http.MethodPost, Path: "/v1/users", Summary: "Create a user",
		Access: api.Needs("user:create"), Tenant: api.OfCaller, Event: "user.create", Machine: true, Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateUser)
	api.Register(a, api.Operation{
		ID: "user-read", Method: http.MethodGet, Path: "/v1/users/{id}", Summary: "Read a user, or their card",
		Access: api.Needs("user:read", "user:view"), Tenant: api.OfCaller, Event: "user.read", Machine: true, Limit: api.Ordinary,
	}, s.handleUser)
	api.Register(a, api.Operation{
		ID: "user-update", Method: http.MethodPatch, Path: "/v1/users/{id}", Summary: "Change a user's profile, username or departments",
		Access: api.Needs("user:update"), Tenant: api.OfCaller, Event: "user.update", Machine: true, Limit: api.Ordinary,
	}, s.handleUpdateUser)
	api.Register(a, api.Operation{
		ID: "user-delete", Method: http.MethodDelete, Path: "/v1/users/{id}", Summary: "Delete a user",
		Access: api.Needs("user:delete"), Tenant: api.OfCaller, Event: "user.delete", Machine: true, NeedsNoRoom: true, Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteUser)
	api.Register(a, api.Operation{
		ID: "user-disable", Method: http.MethodPost, Path: "/v1/users/{id}/disable", Summary: "Disable a user and end their sessions",
		Access: api.Needs("user:disable"), Tenant: api.OfCaller, Event: "user.disable", Machine: true, NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleDisable)
	api.Register(a, api.Operation{
		ID: "user-enable", Method: http.MethodPost, Path: "/v1/users/{id}/enable", Summary: "Enable a user",
		Access: api.Needs("user:disable"), Tenant: api.OfCaller, Event: "user.enable", Machine: true, Limit: api.Ordinary,
	}, s.handleEnable)
	s.previewRoutes(a)
	api.Register(a, api.Operation{
		ID: "password-link-create", Method: http.MethodPost, Path: "/v1/users/{id}/password-link", Summary: "Make the link by which a user chooses a password",
		Access: api.Needs("user:reset_credentials"), Tenant: api.OfCaller, Event: "password_link.create", Machine: true, Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateLink)
	api.Register(a, api.Operation{
		ID: "second-factor-reset", Method: http.MethodPost, Path: "/v1/users/{id}/second-factor/reset", Summary: "Take a user's second factor away and end their sessions",
		Access: api.Needs("user:reset_credentials"), Tenant: api.OfCaller, Event: "second_factor.reset", Machine: true,
		NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleResetFactor)
	api.Register(a, api.Operation{
		ID: "password-link-redeem", Method: http.MethodPost, Path: "/v1/auth/links/redeem", Summary: "Choose a password with a link",
		Access: api.Anyone("the link is the credential"), Tenant: api.Named, Event: "password_link.redeem",
		NeedsNoRoom: true, Limit: api.Small, SameOrigin: true,
	}, s.handleRedeemLink)
	api.Register(a, api.Operation{
		ID: "me-read", Method: http.MethodGet, Path: "/v1/me", Summary: "Read who you are and what you may do",
		Access: api.SignedIn("one's own profile is everyone's"), Tenant: api.OfCaller, Event: "me.read", Limit: api.Ordinary,
	}, s.handleMe)
	api.Register(a, api.Operation{
		ID: "me-update", Method: http.MethodPatch, Path: "/v1/me", Summary: "Change your name, e-mail, phone or locale",
		Access: api.SignedIn("one's own profile is everyone's"), Tenant: api.OfCaller, Event: "me.update", Limit: api.Ordinary,
	}, s.handleUpdateMe)
}
