// Package tenant keeps the organisations that Usher serves: who they are, how they are set up, and
// the forest of their departments.
//
// The row of a tenant is also the lock under which its access is changed; see [Lock].
package tenant

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// Platform is the id and the slug of the reserved tenant that holds the platform's own people.
const Platform = "platform"

// Status says whether a tenant is in use.
type Status string

// The states of a tenant. Nobody in a suspended one holds anything.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
)

// Tenant is one organisation.
type Tenant struct {
	ID       string
	Slug     string // what people type to name it
	Name     string
	Preset   string // which built-in roles it was made with
	Locale   string
	TimeZone string // a name of the IANA time zone database
	Status   Status
	Demo     bool // made by the demonstration, set at creation

	DefaultRole     string // what a new user gets; "" for none
	LocalPassword   string // whether passwords kept here are accepted: enabled, fallback, disabled
	MaxRolesPerUser int    // distinct roles; 0 for no limit

	RequireSecondFactor bool // of everybody, whatever their roles say
	IdleMinutes         int  // without a deed, after which the console asks who is there; 0 for never

	PolicyVersion int64 // grows with every change of access
	Epoch         int64 // tokens issued in an earlier one are refused
	Version       int64 // of the settings

	CreatedAt time.Time
	UpdatedAt time.Time
}

// Config is what the package needs from its neighbours.
type Config struct {
	DB    *store.DB
	Audit *audit.Service

	// ChangeAccess runs f in a write transaction under the guard rails. Before f it must have taken
	// [Lock] and renewed the caller's subject from what the transaction reads.
	ChangeAccess func(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) error) error
	// MayGrantRole refuses when the role does not exist, is inactive, or holds what the caller, whom
	// ChangeAccess has renewed, does not.
	MayGrantRole func(by *caller.Caller, role string) error
	// Participants take part in the creation of a tenant, in its transaction.
	Participants []Participant
}

// Service keeps tenants, their settings and departments.
type Service struct{ config Config }

// New returns a Service.
func New(config Config) *Service { return &Service{config} }

// Routes registers the operations on settings, departments and notices.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "settings-read", Method: http.MethodGet, Path: "/v1/settings", Summary: "Read the tenant's settings",
		Access: api.Needs("system_config:read"), Tenant: api.OfCaller, Event: "settings.read", Limit: api.Ordinary,
	}, s.handleSettings)
	api.Register(a, api.Operation{
		ID: "settings-update", Method: http.MethodPatch, Path: "/v1/settings", Summary: "Change the tenant's settings",
		Access: api.Needs("system_config:update"), Tenant: api.OfCaller, Event: "settings.update", Limit: api.Ordinary,
	}, s.handleUpdateSettings)
	api.Register(a, api.Operation{
		ID: "department-list", Method: http.MethodGet, Path: "/v1/departments", Summary: "List departments by name",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "department.list", Limit: api.Ordinary,
	}, s.handleDepartments)
	api.Register(a, api.Operation{
		ID: "department-create", Method: http.MethodPost, Path: "/v1/departments", Summary: "Create a department",
		Access: api.Needs("department:create"), Tenant: api.OfCaller, Event: "department.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateDepartment)
	api.Register(a, api.Operation{
		ID: "department-read", Method: http.MethodGet, Path: "/v1/departments/{id}", Summary: "Read a department",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "department.read", Limit: api.Ordinary,
	}, s.handleDepartment)
	api.Register(a, api.Operation{
		ID: "department-update", Method: http.MethodPatch, Path: "/v1/departments/{id}", Summary: "Rename or move a department",
		Access: api.Needs("department:update"), Tenant: api.OfCaller, Event: "department.update", Limit: api.Ordinary,
	}, s.handleUpdateDepartment)
	api.Register(a, api.Operation{
		ID: "department-delete", Method: http.MethodDelete, Path: "/v1/departments/{id}", Summary: "Delete a department that has none below it",
		Access: api.Needs("department:delete"), Tenant: api.OfCaller, Event: "department.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteDepartment)
	s.noticeRoutes(a)
}
