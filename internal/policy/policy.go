// Package policy keeps a tenant's access policy as rows: roles, who has which, permission lists. It
// compiles them into snapshots that every other package asks, answers questions about access over
// HTTP, and holds every change of access, whichever package makes it, to the guard rails.
package policy

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/turn"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB      *store.DB
	Cluster *cluster.Cluster
	Audit   *audit.Service

	// CanSignIn returns which of these users of the transaction's tenant can sign in.
	CanSignIn func(ctx context.Context, tx *store.Tx, users []string) ([]string, error)
	// Strengthened voids, in the transaction, what would let somebody into the accounts of these users
	// who was measured against what they held before.
	Strengthened func(ctx context.Context, tx *store.Tx, users []string) error
}

// Service keeps the policies of all tenants.
type Service struct {
	config   Config
	shelf    shelf
	previews turn.Lines // each takes the lock of the tenant, and holds how everybody stands differently
}

// New returns a Service.
func New(config Config) *Service {
	s := &Service{config: config}
	s.subscribe()
	return s
}

// Reasons of operations that need no permission.
const (
	ownRead      = "one's own are everyone's; those of others need user:read"
	ownQuestions = "questions about oneself are everyone's; about others they need user:read"
	noSecret     = "the catalogue is the same for everybody"
)

// Routes registers the operations on roles, exclusions and assignments, and the questions about access.
func (s *Service) Routes(a *api.API) {
	s.roleRoutes(a)
	s.exclusionRoutes(a)
	s.userRoutes(a)
	s.questionRoutes(a)
}

func (s *Service) roleRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "role-list", Method: http.MethodGet, Path: "/v1/roles", Summary: "List roles by name",
		Access: api.Needs("role:read"), Tenant: api.OfCaller, Event: "role.list", Limit: api.Ordinary,
	}, s.handleRoles)
	api.Register(a, api.Operation{
		ID: "role-create", Method: http.MethodPost, Path: "/v1/roles", Summary: "Create a role",
		Access: api.Needs("role:create"), Tenant: api.OfCaller, Event: "role.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateRole)
	api.Register(a, api.Operation{
		ID: "role-read", Method: http.MethodGet, Path: "/v1/roles/{name}", Summary: "Read a role",
		Access: api.Needs("role:read"), Tenant: api.OfCaller, Event: "role.read", Limit: api.Ordinary,
	}, s.handleRole)
	api.Register(a, api.Operation{
		ID: "role-update", Method: http.MethodPatch, Path: "/v1/roles/{name}", Summary: "Edit a role",
		Access: api.Needs("role:update"), Tenant: api.OfCaller, Event: "role.update", Limit: api.Ordinary,
	}, s.handleUpdateRole)
	api.Register(a, api.Operation{
		ID: "role-delete", Method: http.MethodDelete, Path: "/v1/roles/{name}", Summary: "Delete a role that nobody has",
		Access: api.Needs("role:delete"), Tenant: api.OfCaller, Event: "role.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteRole)
	api.Register(a, api.Operation{
		ID: "role-activate", Method: http.MethodPost, Path: "/v1/roles/{name}/activate", Summary: "Let a role grant again",
		Access: api.Needs("role:update"), Tenant: api.OfCaller, Event: "role.activate", Limit: api.Ordinary,
	}, s.handleActivateRole)
	api.Register(a, api.Operation{
		ID: "role-deactivate", Method: http.MethodPost, Path: "/v1/roles/{name}/deactivate", Summary: "Keep a role from granting anything",
		Access: api.Needs("role:update"), Tenant: api.OfCaller, Event: "role.deactivate", NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleDeactivateRole)
	api.Register(a, api.Operation{
		ID: "role-clone", Method: http.MethodPost, Path: "/v1/roles/{name}/clone", Summary: "Make a role that holds what another one holds",
		Access: api.Needs("role:create"), Tenant: api.OfCaller, Event: "role.clone", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCloneRole)
	api.Register(a, api.Operation{
		ID: "role-holders", Method: http.MethodGet, Path: "/v1/roles/{name}/holders", Summary: "List who has a role",
		Access: api.Needs("role:read"), Tenant: api.OfCaller, Event: "role.holders", Limit: api.Ordinary,
	}, s.handleHolders)
	RegisterPreview(a, s, api.Operation{
		ID: "role-preview", Path: "/v1/roles/{name}/preview", Summary: "See what a change of a role would do, and to whom",
		Access: api.Needs("role:update", "role:delete"), Event: "role.preview",
	}, func(in *previewRoleInput) api.PageInput { return in.PageInput }, s.tryRole)
}

func (s *Service) exclusionRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "exclusion-list", Method: http.MethodGet, Path: "/v1/exclusions", Summary: "List by name which roles exclude each other",
		Access: api.Needs("role:read"), Tenant: api.OfCaller, Event: "exclusion.list", Limit: api.Ordinary,
	}, s.handleExclusions)
	api.Register(a, api.Operation{
		ID: "exclusion-create", Method: http.MethodPost, Path: "/v1/exclusions", Summary: "Let roles exclude each other, unless users have them together",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "exclusion.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateExclusion)
	api.Register(a, api.Operation{
		ID: "exclusion-read", Method: http.MethodGet, Path: "/v1/exclusions/{name}", Summary: "Read an exclusion",
		Access: api.Needs("role:read"), Tenant: api.OfCaller, Event: "exclusion.read", Limit: api.Ordinary,
	}, s.handleExclusion)
	api.Register(a, api.Operation{
		ID: "exclusion-update", Method: http.MethodPatch, Path: "/v1/exclusions/{name}", Summary: "Edit an exclusion, unless users violate what it would be",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "exclusion.update", Limit: api.Ordinary,
	}, s.handleUpdateExclusion)
	api.Register(a, api.Operation{
		ID: "exclusion-delete", Method: http.MethodDelete, Path: "/v1/exclusions/{name}", Summary: "Delete an exclusion",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "exclusion.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteExclusion)
	api.Register(a, api.Operation{
		ID: "exclusion-preview", Method: http.MethodPost, Path: "/v1/exclusions/preview", Summary: "See who violates what an exclusion would be",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "exclusion.preview", NeedsNoRoom: true, Limit: api.Survey,
	}, s.handlePreviewExclusion)
}

func (s *Service) userRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "user-roles-read", Method: http.MethodGet, Path: "/v1/users/{id}/roles", Summary: "Read which roles a user has",
		Access: api.SignedIn(ownRead), Tenant: api.OfCaller, Event: "user.read_roles", Machine: true, Limit: api.Ordinary, Visitors: true,
	}, s.handleUserRoles)
	api.Register(a, api.Operation{
		ID: "user-roles-set", Method: http.MethodPut, Path: "/v1/users/{id}/roles", Summary: "Set which roles a user has",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "user.set_roles", Limit: api.Ordinary,
	}, s.handleSetUserRoles)
	RegisterPreview(a, s, api.Operation{
		ID: "user-roles-preview", Path: "/v1/users/{id}/roles/preview", Summary: "See what other roles of a user would do",
		Access: api.Needs("role:assign"), Event: "user.preview_roles",
	}, func(in *previewRolesInput) api.PageInput { return in.PageInput }, s.tryUserRoles)
	api.Register(a, api.Operation{
		ID: "users-roles-change", Method: http.MethodPost, Path: "/v1/users/roles", Summary: "Give roles to many users at once, or take them",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "user.change_roles", Machine: true, Limit: api.Ordinary,
	}, s.handleManyRoles)
	RegisterPreview(a, s, api.Operation{
		ID: "users-roles-preview", Path: "/v1/users/roles/preview", Summary: "See what a change of many users' roles would do",
		Access: api.Needs("role:assign"), Event: "user.preview_roles",
	}, func(in *previewManyRolesInput) api.PageInput { return in.PageInput }, s.tryManyRoles)
	api.Register(a, api.Operation{
		ID: "permission-list-read", Method: http.MethodGet, Path: "/v1/users/{id}/permission-list", Summary: "Read a user's own permission list",
		Access: api.SignedIn(ownRead), Tenant: api.OfCaller, Event: "user.read_permission_list", Limit: api.Ordinary, Visitors: true,
	}, s.handlePermissionList)
	api.Register(a, api.Operation{
		ID: "permission-list-set", Method: http.MethodPut, Path: "/v1/users/{id}/permission-list", Summary: "Set a user's own permission list, or let the roles decide",
		Access: api.Needs("role:assign"), Tenant: api.OfCaller, Event: "user.set_permission_list", Limit: api.Ordinary,
	}, s.handleSetPermissionList)
	api.Register(a, api.Operation{
		ID: "user-access", Method: http.MethodGet, Path: "/v1/users/{id}/access", Summary: "List what a user can do now, and through what",
		Access: api.SignedIn(ownRead), Tenant: api.OfCaller, Event: "user.read_access", Limit: api.Ordinary, Visitors: true,
	}, s.handleUserAccess)
}

func (s *Service) questionRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "catalogue-read", Method: http.MethodGet, Path: "/v1/catalogue", Summary: "List what can be granted and asked",
		Access: api.SignedIn(noSecret), Tenant: api.OfCaller, Event: "access.catalogue", Limit: api.Ordinary, Visitors: true,
	}, s.handleCatalogue)
	api.Register(a, api.Operation{
		ID: "access-holds", Method: http.MethodPost, Path: "/v1/access/holds", Summary: "Ask whether a user has a grant at a scope or higher",
		Access: api.SignedIn(ownQuestions), Tenant: api.OfCaller, Event: "access.holds", NeedsNoRoom: true, Limit: api.Ordinary, Visitors: true,
	}, s.handleHolds)
	api.Register(a, api.Operation{
		ID: "access-check", Method: http.MethodPost, Path: "/v1/access/check", Summary: "Ask whether a user may do something to an object",
		Access: api.SignedIn(ownQuestions), Tenant: api.OfCaller, Event: "access.check", NeedsNoRoom: true, Limit: api.Ordinary, Visitors: true,
	}, s.handleCheck)
	api.Register(a, api.Operation{
		ID: "access-explain", Method: http.MethodPost, Path: "/v1/access/explain", Summary: "Ask why a user may do something to an object, or what is missing",
		Access: api.SignedIn(ownQuestions), Tenant: api.OfCaller, Event: "access.explain", Machine: true,
		NeedsNoRoom: true, Limit: api.Ordinary, Visitors: true,
	}, s.handleExplain)
	api.Register(a, api.Operation{
		ID: "access-filter", Method: http.MethodPost, Path: "/v1/access/filter", Summary: "Ask which objects a user may do something to",
		Access: api.SignedIn(ownQuestions), Tenant: api.OfCaller, Event: "access.filter", NeedsNoRoom: true, Limit: api.Ordinary, Visitors: true,
	}, s.handleFilter)
	api.Register(a, api.Operation{
		ID: "access-who-can", Method: http.MethodPost, Path: "/v1/access/who-can", Summary: "Ask who may do something to an object, and through what",
		Access: api.SignedIn(ownQuestions), Tenant: api.OfCaller, Event: "access.who_can", NeedsNoRoom: true, Limit: api.Survey, Visitors: true,
	}, s.handleWhoCan)
	api.Register(a, api.Operation{
		ID: "access-what-can", Method: http.MethodPost, Path: "/v1/access/what-can", Summary: "Ask what a user can do now, and through what",
		Access: api.SignedIn(ownQuestions), Tenant: api.OfCaller, Event: "access.what_can", NeedsNoRoom: true, Limit: api.Ordinary, Visitors: true,
	}, s.handleWhatCan)
}
