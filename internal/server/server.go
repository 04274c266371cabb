// Package server puts the program together: every feature on one database, the operations they
// register, what runs beside the requests, and the listener.
package server

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/console"
	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/exchange"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/platform"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// Config is what a server needs from outside.
type Config struct {
	DB         *store.DB
	Cluster    *cluster.Cluster // nil for a node that is the only one
	Master     *seal.Key
	URL        string // the public address: scheme, host and port, without a path
	Version    string // of the program
	Node       string // the name of this node in records
	BcryptCost int    // 0 for the default
	SetUpFile  string // where the link of the first start lies; "" for nowhere
	Files      blob.Store
	Realtime   realtime.Limits
	Paces      api.Paces // how often users may call; nil for the defaults

	Free     func() (int64, error) // how many bytes are left where the database lies; nil where nobody here can know
	KeepFree int64                 // of these bytes: with fewer left, new work is refused

	Proxies     api.Proxies // in front
	LogRequests bool        // a line for each operation
}

// Server is the whole program without its listener. Tests run it as it is.
type Server struct {
	API      *api.API
	Audit    *audit.Service
	Tenants  *tenant.Service
	Policy   *policy.Service
	Identity *identity.Service
	Sessions *session.Service
	Exchange *exchange.Service
	Platform *platform.Service
	Realtime *realtime.Service
	Desk     *desk.Service

	config  Config
	room    *room
	metrics *metrics
}

// New wires the features in the order of the import list. What one needs from another below it is
// handed over as a function.
func New(ctx context.Context, c Config) (*Server, error) {
	address, err := publicAddress(c.URL)
	if err != nil {
		return nil, err
	}
	if c.Cluster == nil {
		c.Cluster = cluster.New()
	}
	s := &Server{config: c, room: &room{free: c.Free, keep: c.KeepFree}}
	s.metrics = newMetrics(s)
	s.Audit = audit.New(audit.Config{DB: c.DB, Host: address.Host, Node: c.Node, Room: s.room.left})
	s.Policy = policy.New(policy.Config{DB: c.DB, Cluster: c.Cluster, Audit: s.Audit, CanSignIn: identity.CanSignIn, Strengthened: identity.VoidLinks})
	s.Tenants = tenant.New(tenant.Config{
		DB:           c.DB,
		Audit:        s.Audit,
		ChangeAccess: s.Policy.Change,
		MayGrantRole: s.Policy.MayGrantRole,
		Participants: []tenant.Participant{s.Policy.CreateRoles, desk.SetUp},
	})
	s.Identity = identity.New(identity.Config{
		DB: c.DB, Audit: s.Audit, Policy: s.Policy, Tenants: s.Tenants, Sessions: endSessions{s},
		Master: c.Master, URL: c.URL, BcryptCost: c.BcryptCost,
	})
	s.Sessions = session.New(session.Config{
		DB: c.DB, Cluster: c.Cluster, Audit: s.Audit, Tenants: s.Tenants, Policy: s.Policy, Identity: s.Identity,
		Master: c.Master, URL: c.URL, Forgotten: s.reconsider, Room: s.room.left,
	})
	s.Exchange = exchange.New(exchange.Config{DB: c.DB, Audit: s.Audit, Policy: s.Policy, Identity: s.Identity})
	s.Platform = platform.New(platform.Config{
		DB: c.DB, Audit: s.Audit, Tenants: s.Tenants, Policy: s.Policy, Identity: s.Identity, Sessions: s.Sessions,
		URL: c.URL, SetUpFile: platform.SetUpFile(c.SetUpFile),
	})
	s.Realtime = realtime.New(realtime.Config{
		DB: c.DB, Cluster: c.Cluster, Audit: s.Audit, Sessions: s.Sessions, Limits: c.Realtime,
		Feed: s.feed, Presence: s.presence(),
	})
	s.Desk = desk.New(desk.Config{
		DB: c.DB, Audit: s.Audit, Policy: s.Policy, Node: c.Node, Files: c.Files, Happened: s.Realtime.Notify, Room: s.room.left,
	})
	s.API = api.New(api.Config{
		URL:          c.URL,
		Proxies:      c.Proxies,
		Observe:      s.observe,
		Now:          s.now,
		Authenticate: s.authenticate,
		Machine:      s.machine,
		Record:       s.Audit.Record,
		CursorKey:    c.Master.Derive("cursors"),
		Paces:        c.Paces,
		Room:         s.room.left,
		Cluster:      c.Cluster,
	})
	s.routes()
	return s, nil
}

// endSessions lets identity end sessions, which are born after it.
type endSessions struct{ server *Server }

func (e endSessions) EndSessions(ctx context.Context, tx *store.Tx, user, except, reason string) error {
	return e.server.Sessions.EndSessions(ctx, tx, user, except, reason)
}

// reconsider tells connections, which are born after sessions, that theirs may have ended.
func (s *Server) reconsider(tenant, user string) { s.Realtime.Reconsider(tenant, user) }

// feed lets live connections follow the desk, which is born after them.
func (s *Server) feed(tenant string) realtime.Feed { return s.Desk.Feed(tenant) }

// presence lets live connections tell the desk who is there.
func (s *Server) presence() realtime.Presence {
	return realtime.Presence{
		Present: func(ctx context.Context, tenant string, users []string) error {
			return s.Desk.Present(ctx, tenant, users)
		},
		Absent: func(ctx context.Context, tenant, user string) error { return s.Desk.Absent(ctx, tenant, user) },
		Polled: func(ctx context.Context, tenant, user string) error { return s.Desk.Polled(ctx, tenant, user) },
	}
}

func (s *Server) authenticate(ctx context.Context, token string) (*caller.Caller, error) {
	return s.Sessions.Authenticate(ctx, token)
}

// now is the time that records carry. Without a database only the operations are described.
func (s *Server) now() time.Time { return s.config.DB.Now() }

// routes registers every operation and every address that is none.
func (s *Server) routes() {
	s.Tenants.Routes(s.API)
	s.Policy.Routes(s.API)
	policy.RegisterPreview(s.API, s.Policy, api.Operation{
		ID: "department-preview", Path: "/v1/departments/{id}/preview", Summary: "See what moving or deleting a department would do to people's access",
		Access: api.Needs("department:update", "department:delete"), Event: "department.preview",
	}, func(in *tenant.PreviewDepartment) api.PageInput { return in.PageInput }, s.Tenants.TryDepartment)
	s.Identity.Routes(s.API)
	s.Sessions.Routes(s.API)
	s.Exchange.Routes(s.API)
	s.Platform.Routes(s.API)
	s.Realtime.Routes(s.API)
	s.Desk.Routes(s.API)
	s.Audit.Routes(s.API)
	s.API.Handle("GET /livez", http.HandlerFunc(live))
	s.API.Handle("GET /readyz", http.HandlerFunc(s.ready))
	s.API.Handle("GET /openapi.json", s.openAPI())
	s.API.Handle("GET /docs/errors", http.HandlerFunc(errorsPage))
	console.Routes(s.API, console.Config{URL: s.config.URL, Welcome: http.HandlerFunc(s.welcome)})
}

// Start runs what works beside the requests, in list order, and records that the server began. When
// it fails nothing runs. The disk is looked at first, so that the log tells at once of one that is nearly full.
func (s *Server) Start(ctx context.Context) error {
	s.room.left()
	s.Audit.Start()
	err := s.Sessions.Start(ctx)
	if err == nil {
		err = s.recordStart(ctx)
	}
	if err != nil {
		s.Stop()
		return err
	}
	s.Realtime.Start()
	s.Desk.Start()
	return nil
}

// Drain has requests end that only wait for something to happen. It is called when no new ones come.
func (s *Server) Drain() { s.Realtime.Drain() }

// Stop ends it in reverse. Requests must have ended before; live connections are closed here.
func (s *Server) Stop() {
	s.Desk.Stop()
	s.Realtime.Stop()
	s.Sessions.Stop()
	s.Audit.Stop()
}

// recordStart leaves a record of what a start does across tenants: reading keys and the list of tenants.
func (s *Server) recordStart(ctx context.Context) error {
	return s.config.DB.Write(ctx, tenant.Platform, func(tx *store.Tx) error {
		return s.Audit.AppendAct(ctx, tx, audit.Act{Op: trail.Job, Event: "server.start"})
	})
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.API.ServeHTTP(w, r) }
