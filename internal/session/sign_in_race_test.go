package session_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// While somebody signs in, which has not been committed, their tenant is suspended, or they are disabled: the session that
// begins ends with it, and does not come back when the tenant or the user does.
func TestWhoIsJustSigningInIsNotForgotten(t *testing.T) {
	for name, c := range map[string]struct {
		stop, back func(m *meeting) *servertest.Answer
	}{
		"suspended": {
			func(m *meeting) *servertest.Answer { return m.platform("/suspend") },
			func(m *meeting) *servertest.Answer { return m.platform("/resume") },
		},
		"disabled": {
			func(m *meeting) *servertest.Answer { return m.chief.Do("POST", "/v1/users/"+m.ann.ID+"/disable", nil) },
			func(m *meeting) *servertest.Answer { return m.chief.Do("POST", "/v1/users/"+m.ann.ID+"/enable", nil) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMeeting(t)
			holding := m.holdBack(t)
			signedIn, stopped := make(chan *http.Response, 1), make(chan *servertest.Answer, 1)
			go func() { signedIn <- m.signInFrom(office, servertest.Password) }()
			m.waitFor(t, 1, func() bool { return false })
			go func() { stopped <- c.stop(m) }()
			m.waitFor(t, 2, func() bool { return len(stopped) == 1 })
			if err := holding.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			in := <-signedIn
			expect(t, in, 200, "")
			(<-stopped).Expect(200)
			c.back(m).Expect(200)
			const left = `SELECT s.id FROM sessions s WHERE s.tenant_id = $1 AND s.user_id = $2 AND s.ended_at IS NULL`
			if ids := m.texts(t, m.acme.ID, left, m.ann.ID); len(ids) > 0 {
				t.Errorf("%d sessions are left", len(ids))
			}
			cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
			expect(t, m.post("/v1/auth/refresh", "", office, "Cookie", cookie), 401, "")
		})
	}
}

// meeting is a program on PostgreSQL, where several change something at once.
type meeting struct {
	*program
	root, chief *servertest.Client // of the platform, and of the tenant
	owner       string             // the database's address for the owner of its tables
	super       string             // and for the superuser
}

func newMeeting(t *testing.T) *meeting {
	t.Helper()
	owner, application := storetest.PostgresURLs(t)
	db, err := store.OpenPostgres(t.Context(), application)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	u, err := url.Parse(application)
	if err != nil {
		t.Fatal(err)
	}
	s := servertest.Run(t, db)
	m := &meeting{program: &program{Server: s, acme: s.NewTenant("acme", "it-desk")}, owner: owner}
	m.ann = m.acme.NewUser("ann", nil, "agent")
	m.chief = m.acme.NewUser("root", nil, "admin").SignIn()
	m.root = s.PlatformTenant().NewUser("helper", nil, "platform_admin").SignIn()
	u.User = url.User("postgres")
	m.super = u.String()
	return m
}

// platform has somebody of the platform do something to the tenant.
func (m *meeting) platform(what string) *servertest.Answer {
	return m.root.Do("POST", "/v1/platform/tenants/"+m.acme.ID+what, map[string]any{"reason": "they asked"})
}

// holdBack lets nobody sign in to the end until the transaction is over.
func (m *meeting) holdBack(t *testing.T) pgx.Tx {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), m.owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `LOCK TABLE sign_ins IN EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	return tx
}

// waitFor waits until so many connections wait for a lock, or something else is so.
func (m *meeting) waitFor(t *testing.T, n int, or func() bool) {
	t.Helper()
	clustertest.Eventually(t, "somebody waits", func() (so bool) { return m.waiting(t) >= n || or() })
}

// waiting is how many connections wait for a lock.
func (m *meeting) waiting(t *testing.T) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), m.super)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	err = conn.QueryRow(t.Context(), `
		SELECT count(*)
		FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
