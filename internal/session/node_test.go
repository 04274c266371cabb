package session_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// node is sessions and what stands above them, once more on a database that is there already: with
// nothing in memory, as after a restart, and with a clock and an address of its own.
type node struct {
	*api.API
	audit    *audit.Service
	sessions *session.Service
	now      func() time.Time
}

// master is the key of the program that servertest runs.
const master = "servertest's own 32 bytes of key"

func startNode(t *testing.T, db *store.DB, url string) *node {
	t.Helper()
	return startNodeAt(t, db, url, 4)
}

// startNodeAt is startNode with a cost of hashes; 0 stands for the product's own.
func startNodeAt(t testing.TB, db *store.DB, url string, cost int) *node {
	t.Helper()
	key := masterKey(t, master)
	shared := cluster.New()
	n := &node{now: db.Now, audit: audit.New(audit.Config{DB: db, Host: "again.example", Node: "again"})}
	rules := policy.New(policy.Config{DB: db, Cluster: shared, Audit: n.audit, CanSignIn: identity.CanSignIn, Strengthened: identity.VoidLinks})
	tenants := tenant.New(tenant.Config{DB: db, Audit: n.audit, ChangeAccess: rules.Change, MayGrantRole: rules.MayGrantRole})
	people := identity.New(identity.Config{DB: db, Audit: n.audit, Policy: rules, Tenants: tenants, Master: key, URL: url, BcryptCost: cost})
	n.sessions = session.New(session.Config{
		DB: db, Cluster: shared, Audit: n.audit, Tenants: tenants, Policy: rules, Identity: people, Master: key, URL: url,
	})
	n.API = api.New(api.Config{URL: url, Authenticate: n.sessions.Authenticate, Record: n.audit.Record, CursorKey: key.Derive("cursors")})
	people.Routes(n.API)
	n.sessions.Routes(n.API)
	n.audit.Start()
	if err := n.sessions.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.stop)
	return n
}

// stop writes what is waiting. Calling it again does no harm.
func (n *node) stop() {
	n.sessions.Stop()
	n.audit.Stop()
}
