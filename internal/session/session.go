// Package session is how people sign in and stay signed in: passwords, access tokens, refresh
// tokens, sign-out, and the log of every attempt. It turns the token of a request into the caller
// whom every other package asks about.
//
// A session is one row. Its access token is short-lived and signed; its refresh token is a secret
// in a cookie, of which the row holds the hash, and is replaced at each use; when it comes back after
// its successor was used, somebody has copied it, and the session ends. Whatever ends a session ends
// it at the next request: the row is the truth, and what is kept in memory is dropped when the
// transaction that ended it commits, on other nodes when they hear of it (see [cluster.Stamp]).
package session

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/internal/turn"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB       *store.DB
	Cluster  *cluster.Cluster
	Audit    *audit.Service
	Tenants  *tenant.Service
	Policy   *policy.Service
	Identity *identity.Service
	Master   *seal.Key // opens the keys that sign tokens
	URL      string    // the public address: the issuer of tokens; it also decides the cookie's form

	// Forgotten hears, once it is committed on any node, that sessions of a user may have ended, or of a
	// whole tenant when user is ""; nil when nobody holds connections.
	Forgotten func(tenant, user string)
	// Room reports whether there is room for a log of what fails; nil where there always is.
	Room func() bool
}

// Service begins, renews and ends sessions.
type Service struct {
	config   Config
	keys     atomic.Pointer[keyring] // loaded by Start, replaced by the watch
	watch    keyWatch
	verifier Verifier
	live     *live
	floods   *floods
	figures  figures
	reports  turn.Lines // each may read a year of the sign-in log

	counterKey []byte // hides names and networks in the counters of failures
}

// New returns a Service that refuses every token until [Service.Start] has loaded the keys.
func New(config Config) *Service {
	s := &Service{
		config:     config,
		live:       newLive(),
		floods:     newFloods(config.Room),
		counterKey: config.Master.Derive("sign-in failures"),
	}
	s.keys.Store(&keyring{})
	s.verifier = Verifier{
		Issuer:        config.URL,
		Audience:      tokenAudience,
		Keys:          s.publicKey,
		RequireEpochs: true,
		Now:           config.DB.Now,
		known:         newKnownTokens(),
	}
	s.subscribe()
	return s
}

// Start loads the signing keys, making the first one where there is none. It fails when the master
// key does not open them.
func (s *Service) Start(ctx context.Context) error {
	if err := s.loadKeys(ctx); err != nil {
		return err
	}
	s.watch.start(s.lookAtKeys)
	s.floods.start(s.logFlood)
	return nil
}

// Stop ends the watch over the keys and writes what the sign-in log has yet to hold. It may be called
// more than once, and without Start.
func (s *Service) Stop() {
	s.watch.stop()
	s.floods.stop(s.logFlood)
}

// Routes registers the operations on sessions and the public keys of their tokens.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "auth-login", Method: http.MethodPost, Path: "/v1/auth/login", Summary: "Sign in",
		Access: api.Anyone("it is how one signs in"), Tenant: api.Named, Event: "auth.login", NeedsNoRoom: true, Limit: api.Small, SameOrigin: true,
	}, s.handleSignIn)
	api.Register(a, api.Operation{
		ID: "auth-login-otp", Method: http.MethodPost, Path: "/v1/auth/login/otp", Summary: "Go on signing in with the second factor",
		Access: api.Anyone("the challenge is the credential"), Tenant: api.Named, Event: "auth.login_otp",
		NeedsNoRoom: true, Limit: api.Small, SameOrigin: true,
	}, s.handleSignInCode)
	api.Register(a, api.Operation{
		ID: "auth-login-enrol", Method: http.MethodPost, Path: "/v1/auth/login/enrol", Summary: "Enrol a second factor while signing in",
		Access: api.Anyone("the challenge is the credential"), Tenant: api.Named, Event: "auth.login_enrol",
		NeedsNoRoom: true, Limit: api.Small, SameOrigin: true,
	}, s.handleSignInEnrol)
	api.Register(a, api.Operation{
		ID: "auth-step-up", Method: http.MethodPost, Path: "/v1/auth/step-up", Summary: "Show the second factor again, for what needs a fresh one",
		Access: api.SignedIn("everyone has a second factor of their own"), Tenant: api.OfCaller, Event: "auth.step_up",
		NeedsNoRoom: true, Limit: api.Ordinary, SameOrigin: true,
	}, s.handleStepUp)
	api.Register(a, api.Operation{
		ID: "auth-refresh", Method: http.MethodPost, Path: "/v1/auth/refresh", Summary: "Renew the access token",
		Access: api.Anyone("the cookie is the credential"), Tenant: api.Named, Event: "auth.refresh",
		NeedsNoRoom: true, Limit: api.Small, SameOrigin: true,
	}, s.handleRefresh)
	api.Register(a, api.Operation{
		ID: "auth-logout", Method: http.MethodPost, Path: "/v1/auth/logout", Summary: "Sign out",
		Access: api.Anyone("whoever has nothing to end is signed out already"), Tenant: api.Named, Event: "auth.logout",
		NeedsNoRoom: true, Limit: api.Small, SameOrigin: true,
		Status: http.StatusNoContent,
	}, s.handleSignOut)
	api.Register(a, api.Operation{
		ID: "auth-password", Method: http.MethodPost, Path: "/v1/auth/password", Summary: "Change one's own password",
		Access: api.SignedIn("everyone changes their own password"), Tenant: api.OfCaller, Event: "auth.password",
		NeedsNoRoom: true, Limit: api.Ordinary, SameOrigin: true,
		ChangesPassword: true,
	}, s.handlePassword)
	api.Register(a, api.Operation{
		ID: "me-sign-ins", Method: http.MethodGet, Path: "/v1/me/sign-ins", Summary: "List one's own sign-ins, newest first",
		Access: api.SignedIn("everyone sees their own sign-ins"), Tenant: api.OfCaller, Event: "sign_in.list", Limit: api.Ordinary,
	}, s.handleOwnSignInLog)
	api.Register(a, api.Operation{
		ID: "user-sign-ins", Method: http.MethodGet, Path: "/v1/users/{id}/sign-ins", Summary: "List a user's sign-ins, newest first",
		Access: api.Needs("audit_log:read"), Tenant: api.OfCaller, Event: "sign_in.list", Limit: api.Ordinary,
	}, s.handleSignInLog)
	s.reportRoutes(a)
	s.factorRoutes(a)
	s.listRoutes(a)
	s.visitRoutes(a)
	a.Handle("GET /.well-known/jwks.json", http.HandlerFunc(s.servePublicKeys))
}
