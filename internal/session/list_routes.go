package session

import (
	"net/http"

	"github.com/usher-desk/usher/internal/api"
)

// listRoutes registers the operations that list sessions and end some of them. Those that end take no
// version: an emergency never waits.
func (s *Service) listRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "me-sessions", Method: http.MethodGet, Path: "/v1/me/sessions", Summary: "List one's own sessions, newest first",
		Access: api.SignedIn("everyone sees their own sessions"), Tenant: api.OfCaller, Event: "session.list", Limit: api.Ordinary,
	}, s.handleOwnSessions)
	api.Register(a, api.Operation{
		ID: "me-session-revoke", Method: http.MethodDelete, Path: "/v1/me/sessions/{id}", Summary: "End one of one's own sessions",
		Access: api.SignedIn("everyone ends their own sessions"), Tenant: api.OfCaller, Event: "session.revoke",
		NeedsNoRoom: true, Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleRevokeOwn)
	api.Register(a, api.Operation{
		ID: "me-sessions-revoke", Method: http.MethodDelete, Path: "/v1/me/sessions", Summary: "Sign out everywhere else",
		Access: api.SignedIn("everyone ends their own sessions"), Tenant: api.OfCaller, Event: "session.revoke",
		NeedsNoRoom: true, Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleRevokeOthers)
	api.Register(a, api.Operation{
		ID: "user-sessions", Method: http.MethodGet, Path: "/v1/users/{id}/sessions", Summary: "List a user's sessions, newest first",
		Access: api.Needs("session:read"), Tenant: api.OfCaller, Event: "session.list", Machine: true, Limit: api.Ordinary,
	}, s.handleSessions)
	api.Register(a, api.Operation{
		ID: "user-session-revoke", Method: http.MethodDelete, Path: "/v1/users/{id}/sessions/{sid}", Summary: "End one session of a user",
		Access: api.Needs("session:revoke"), Tenant: api.OfCaller, Event: "session.revoke",
		NeedsNoRoom: true, Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleRevoke)
	api.Register(a, api.Operation{
		ID: "user-sessions-revoke", Method: http.MethodDelete, Path: "/v1/users/{id}/sessions", Summary: "End all sessions of a user",
		Access: api.Needs("session:revoke"), Tenant: api.OfCaller, Event: "session.revoke", Machine: true,
		NeedsNoRoom: true, Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleRevokeAll)
}
