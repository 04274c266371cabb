// Package platform is what the platform's people see and do of tenants without entering them: that
// they exist, how much they are in use, how they begin, and whether they may work. Nothing that a
// tenant holds can be read here.
//
// Whatever is done to a tenant is recorded twice under one id: in the platform's trail, where its
// author is accountable, and in the tenant's, whose administrators should know.
package platform

import (
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB       *store.DB
	Audit    *audit.Service
	Tenants  *tenant.Service
	Policy   *policy.Service
	Identity *identity.Service
	Sessions *session.Service

	URL       string // the public address, which the link of the first start begins with
	SetUpFile SetUpFile
}

// Service administers tenants from outside.
type Service struct{ config Config }

// New returns a Service.
func New(config Config) *Service { return &Service{config} }

// Routes registers the operations on tenants. Their permissions are in the platform's catalogue alone:
// nobody of an ordinary tenant holds them. The last one needs none, and is good once.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "tenant-list", Method: http.MethodGet, Path: "/v1/platform/tenants", Summary: "List tenants with figures",
		Access: api.Needs("tenant:read"), Tenant: api.OfCaller, Event: "tenant.list", Machine: true, Limit: api.Ordinary,
	}, s.handleTenants)
	api.Register(a, api.Operation{
		ID: "tenant-create", Method: http.MethodPost, Path: "/v1/platform/tenants", Summary: "Make a tenant with its first administrator",
		Access: api.Needs("tenant:create"), Tenant: api.OfCaller, Event: "tenant.create", Machine: true, Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreate)
	api.Register(a, api.Operation{
		ID: "tenant-read", Method: http.MethodGet, Path: "/v1/platform/tenants/{id}", Summary: "Read a tenant with figures",
		Access: api.Needs("tenant:read"), Tenant: api.OfCaller, Event: "tenant.read", Machine: true, Limit: api.Ordinary,
	}, s.handleTenant)
	api.Register(a, api.Operation{
		ID: "tenant-update", Method: http.MethodPatch, Path: "/v1/platform/tenants/{id}", Summary: "Change a tenant's name, language or time zone",
		Access: api.Needs("tenant:update"), Tenant: api.OfCaller, Event: "tenant.update", Machine: true, Limit: api.Ordinary,
	}, s.handleUpdate)
	api.Register(a, api.Operation{
		ID: "tenant-suspend", Method: http.MethodPost, Path: "/v1/platform/tenants/{id}/suspend", Summary: "Deny a tenant every credential at once",
		Access: api.Needs("tenant:suspend"), Tenant: api.OfCaller, Event: "tenant.suspend", Machine: true, NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleSuspend)
	api.Register(a, api.Operation{
		ID: "tenant-resume", Method: http.MethodPost, Path: "/v1/platform/tenants/{id}/resume", Summary: "Let a suspended tenant work again",
		Access: api.Needs("tenant:suspend"), Tenant: api.OfCaller, Event: "tenant.resume", Machine: true, Limit: api.Ordinary,
	}, s.handleResume)
	s.firstLinkRoute(a)
	api.Register(a, api.Operation{
		ID: "platform-settings-read", Method: http.MethodGet, Path: "/v1/platform/settings", Summary: "Read what holds for the platform as a whole",
		Access: api.Needs("tenant:read"), Tenant: api.OfCaller, Event: "platform.read_settings", Limit: api.Ordinary,
	}, s.handleSettings)
	api.Register(a, api.Operation{
		ID: "platform-settings-update", Method: http.MethodPatch, Path: "/v1/platform/settings", Summary: "Change what holds for the platform as a whole",
		Access: api.Needs("tenant:update"), Tenant: api.OfCaller, Event: "platform.update_settings", Limit: api.Ordinary,
	}, s.handleUpdateSettings)
	api.Register(a, api.Operation{
		ID: "setup", Method: http.MethodPost, Path: "/v1/setup", Summary: "Make the first tenant and its administrator with the link of the first start",
		Access: api.Anyone("the link is the credential"), Tenant: api.Named, Event: "tenant.create", Limit: api.Small, SameOrigin: true, Status: http.StatusCreated,
	}, s.handleSetUp)
}
