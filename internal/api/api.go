// Package api is how Usher speaks HTTP: operations that must state their permission, risk, audit
// event, limits and source of the tenant; problem documents (RFC 9457) with stable codes; strict
// JSON; entity tags; signed cursors. No answer leaves before its record is kept.
package api

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/cluster"
)

// Config is what an API needs from the packages below it.
type Config struct {
	URL     string // the public address
	Proxies Proxies

	// Authenticate turns a bearer token into the caller, or refuses with a fault.
	Authenticate func(ctx context.Context, token string) (*caller.Caller, error)
	// Machine is the caller behind a command that names a tenant by its slug; nil where there are none.
	Machine func(ctx context.Context, slug string) (*caller.Caller, error)
	// Record keeps the record of a finished call that has none yet. When it fails the answer is
	// withheld: what cannot be recorded has not happened.
	Record func(ctx context.Context, call *Call) error
	// CursorKey authenticates the cursors of paged lists; at least 32 bytes.
	CursorKey []byte
	// Paces are how often users may call; nil for [DefaultPaces].
	Paces Paces
	// Room reports whether there is room for new work; nil where there always is. It is asked at every call, and while a file comes.
	Room func() bool
	// Cluster counts the calls of all nodes together; nil for a node that is the only one.
	Cluster *cluster.Cluster
	// Observe hears of every operation when its answer leaves; nil for nobody. It must not block.
	Observe func(Observation)
	// Now is the clock that calls are accepted by; nil for the real one.
	Now func() time.Time
}

// problem names what the configuration leaves out, "" when nothing.
func (c *Config) problem() string {
	switch {
	case c.Authenticate == nil || c.Record == nil:
		return "nobody who authenticates, or nobody who keeps records"
	case len(c.CursorKey) < sha256.Size:
		return "no key of 32 bytes for cursors"
	}
	return ""
}

func (c *Config) setDefaults() {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Paces == nil {
		c.Paces = DefaultPaces()
	}
	if c.Room == nil {
		c.Room = func() bool { return true }
	}
	if c.Cluster == nil {
		c.Cluster = cluster.New()
	}
}

// API is the set of registered operations and the handler that serves them.
type API struct {
	config     Config
	mux        *http.ServeMux
	huma       huma.API
	operations []*Operation
	uploads    uploads
}

// New returns an API without operations. It panics when the configuration leaves something out.
func New(config Config) *API {
	if p := config.problem(); p != "" {
		panic("api: there is " + p)
	}
	config.setDefaults()
	a := &API{config: config, mux: http.NewServeMux(), uploads: uploads{of: map[string]int{}}}
	a.huma = humago.New(a.mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Usher",
				Version:     "1", // of the API: paths begin with /v1
				Description: "Service desk and access control. Errors are problem documents (RFC 9457); docs/errors.md lists every code.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token":  {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "The access token of POST /v1/auth/login."},
					"ticket": {Type: "apiKey", In: "header", Name: protocolHeader, Description: "`usher.v1, usher.ticket.<ticket>`, with the ticket of POST /v1/realtime/tickets."},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	})
	a.huma.UseMiddleware(a.admit)
	return a
}

// Operations lists what is registered, in the order of registration. Tests walk it.
func (a *API) Operations() []*Operation { return a.operations }

// OpenAPI is the description of everything registered, as JSON (OpenAPI 3.1).
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// Handle serves a path that is no operation and leaves no record: liveness, readiness, keys, the
// API description, static pages. Their list is documented; nothing else belongs here.
func (a *API) Handle(pattern string, h http.Handler) { a.mux.Handle(pattern, h) }
