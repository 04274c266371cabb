// Package servertest runs the whole program for a test, on both databases, and speaks HTTP with it.
// Every answer is held against the API description.
package servertest

import (
	"cmp"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// Server is the running program.
type Server struct {
	*server.Server
	DB    *store.DB
	URL   string // the public address; that of the only node, or of the first
	Clock *Clock
	Files string // the folder of files, of all nodes

	address  string // of this node
	live     bool
	paces    api.Paces
	t        testing.TB
	contract *contract
}

// Each runs f as two subtests, with a fresh server on SQLite and on PostgreSQL.
func Each(t *testing.T, f func(t *testing.T, s *Server)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, Run(t, db)) })
}

// EachBeside is Each for tests that run beside each other (see [storetest.EachBeside]).
func EachBeside(t *testing.T, f func(t *testing.T, s *Server)) {
	t.Helper()
	storetest.EachBeside(t, func(t *testing.T, db *store.DB) { f(t, Run(t, db)) })
}

// Run starts the program on a database that holds nothing but the schema. Its desks do nothing by themselves:
// what is found afterwards is what the test has done. Settle and Sweep of the desk do it when the test says so.
func Run(t testing.TB, db *store.DB) *Server {
	t.Helper()
	return run(t, db, server.Config{Node: "test"}, &Clock{}, t.TempDir())
}

// RunLive is [Run] with desks that dispatch, and do what time brings about, by themselves.
func RunLive(t testing.TB, db *store.DB) *Server {
	t.Helper()
	s := start(t, db, server.Config{Node: "test"}, &Clock{}, t.TempDir())
	s.live = true
	return s
}

// RunLimited is [Run] with other limits on live connections than the program's own.
func RunLimited(t testing.TB, db *store.DB, limits realtime.Limits) *Server {
	t.Helper()
	return run(t, db, server.Config{Node: "test", Realtime: limits}, &Clock{}, t.TempDir())
}

// RunPaced is [RunNode] with paces that a test can exceed, also at the nodes beside it.
func RunPaced(t testing.TB, db *store.DB, shared *cluster.Cluster, paces api.Paces) *Server {
	t.Helper()
	return run(t, db, server.Config{Node: "test", Cluster: shared, Paces: paces}, &Clock{}, t.TempDir())
}

// RunOnDisk is [Run] where free says how many bytes are left on the disk, of which so many are kept.
func RunOnDisk(t testing.TB, db *store.DB, free func() (int64, error), keep int64) *Server {
	t.Helper()
	return run(t, db, server.Config{Node: "test", Free: free, KeepFree: keep}, &Clock{}, t.TempDir())
}

// RunNearlyFull is [Run] on a disk that is nearly full, with the paces of the program.
func RunNearlyFull(t testing.TB, db *store.DB) *Server {
	t.Helper()
	free := func() (int64, error) { return 1, nil }
	return run(t, db, server.Config{Node: "test", Free: free, KeepFree: 2, Paces: api.DefaultPaces()}, &Clock{}, t.TempDir())
}

// MasterKey is the same for every test: nothing of theirs outlives them.
func MasterKey(t testing.TB) *seal.Key {
	key, err := seal.NewKey([]byte("servertest's own 32 bytes of key"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func run(t testing.TB, db *store.DB, config server.Config, clock *Clock, files string) *Server {
	t.Helper()
	s := start(t, db, config, clock, files)
	s.Desk.Stop()
	return s
}

func start(t testing.TB, db *store.DB, config server.Config, clock *Clock, files string) *Server {
	t.Helper()
	folder, err := blob.NewFolder(files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	listener := httptest.NewUnstartedServer(nil)
	s := &Server{DB: db.WithClock(clock.Now), Clock: clock, Files: files, paces: config.Paces, address: "http://" + listener.Listener.Addr().String(), t: t}
	s.URL = cmp.Or(config.URL, s.address)
	config.DB, config.URL, config.Master, config.BcryptCost = s.DB, s.URL, MasterKey(t), 4
	config.Files = folder
	if config.Paces == nil {
		config.Paces = api.Same(api.Pace{Burst: 1e9, Every: time.Microsecond}) // tests do in a second what people do in a day
	}
	program, err := server.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Server = program
	s.contract = contractOf(t, program)
	listener.Config.Handler = program
	listener.Start()
	t.Cleanup(func() {
		listener.Close()
		program.Stop()
	})
	return s
}

// Tenant is a tenant of the test.
type Tenant struct {
	tenant.Tenant
	server *Server
}

// NewTenant makes a tenant from a preset. Its only user is admin, with the role admin.
func (s *Server) NewTenant(slug, preset string) *Tenant {
	s.t.Helper()
	made := &Tenant{server: s}
	ctx := s.t.Context()
	err := s.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) (err error) {
		made.Tenant, err = s.Tenants.Create(ctx, span, tenant.NewTenant{
			Slug: slug, Name: slug, Preset: preset, Locale: "en", TimeZone: "Asia/Shanghai",
		})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// NewDepartment makes a department, around the guard rails, and returns its id.
func (t *Tenant) NewDepartment(name, parent string) string {
	s := t.server
	s.t.Helper()
	var made tenant.Department
	err := s.DB.Write(s.t.Context(), t.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(s.t.Context(), tx); err != nil { // as whoever changes access does
			return err
		}
		var err error
		made, err = tenant.AddDepartment(s.t.Context(), tx, name, parent)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Policy.Forget(t.ID)
	return made.ID
}

// PlatformTenant is the reserved tenant of the platform's people, which every installation has.
func (s *Server) PlatformTenant() *Tenant {
	s.t.Helper()
	found, err := s.Tenants.BySlug(s.t.Context(), tenant.Platform)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Tenant{Tenant: found, server: s}
}
