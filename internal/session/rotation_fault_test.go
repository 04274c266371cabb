package session_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// breakage makes a step of an exchange fail, before or after it has taken effect.
type breakage struct{ when, event string }

// The steps of an exchange that write: the session is held, the tokens are stored, the record is.
var breakages = []breakage{
	{"BEFORE", "UPDATE OF renewed_at ON sessions"}, {"AFTER", "UPDATE OF renewed_at ON sessions"},
	{"BEFORE", "UPDATE OF refresh_hash ON sessions"}, {"AFTER", "UPDATE OF refresh_hash ON sessions"},
	{"BEFORE", "INSERT ON audit_bodies"}, {"AFTER", "INSERT ON audit_bodies"},
	{"AFTER", "INSERT ON audit_targets"},
	commitFails, answerLost,
}

var (
	commitFails = breakage{"COMMIT", ""}
	answerLost  = breakage{"ANSWER", ""}
)

// breakable is a program whose database can be made to refuse.
type breakable struct {
	*program
	command func(statement string) // around the store
	fails   func(breakage) string
	mends   string
}

// eachBreakable runs f on both databases.
func eachBreakable(t *testing.T, f func(t *testing.T, b *breakable)) {
	t.Run("sqlite", func(t *testing.T) {
		path := storetest.SQLiteFile(t)
		db, err := store.OpenSQLite(t.Context(), path)
		b := newBreakable(t, db, err)
		b.command = func(s string) { storetest.SQLiteCommand(t, path, s) }
		b.fails, b.mends = sqliteFails, `DROP TRIGGER broken`
		f(t, b)
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		db, err := store.OpenPostgres(t.Context(), application)
		b := newBreakable(t, db, err)
		b.command = func(s string) { storetest.Command(t, owner, s) }
		b.fails, b.mends = postgresFails, `DROP FUNCTION broken CASCADE`
		f(t, b)
	})
}

func newBreakable(t *testing.T, db *store.DB, err error) *breakable {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	p := &program{Server: servertest.Run(t, db)}
	p.acme = p.NewTenant("acme", "it-desk")
	p.ann = p.acme.NewUser("ann", nil, "agent")
	return &breakable{program: p}
}

// sqliteFails fails a commit by a reference into nowhere, which is looked at only then.
func sqliteFails(b breakage) string {
	if b == commitFails {
		return `
			CREATE TABLE nowhere (id INTEGER PRIMARY KEY);
			CREATE TABLE somewhere (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED);
			CREATE TRIGGER broken AFTER UPDATE ON sessions BEGIN INSERT INTO somewhere VALUES (1); END`
	}
	return `CREATE TRIGGER broken ` + b.when + ` ` + b.event + ` BEGIN SELECT RAISE(ABORT, 'broken'); END`
}

func postgresFails(b breakage) string {
	trigger := `TRIGGER broken ` + b.when + ` ` + b.event
	if b == commitFails {
		trigger = `CONSTRAINT TRIGGER broken AFTER UPDATE ON sessions DEFERRABLE INITIALLY DEFERRED`
	}
	return `
		CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
		CREATE ` + trigger + ` FOR EACH ROW EXECUTE FUNCTION broken()`
}

// interrupt presents the cookie and loses the answer, if there is one.
func (b *breakable) interrupt(t *testing.T, at breakage, cookie string) {
	t.Helper()
	if at == answerLost {
		expect(t, b.refresh(cookie), 200, "")
		return
	}
	b.command(b.fails(at))
	defer b.command(b.mends)
	if r := b.refresh(cookie); r.StatusCode < 500 {
		t.Errorf("%d from a database that refuses", r.StatusCode)
	}
}

// Wherever an exchange breaks off, and however long the browser is away then, the token that it has
// still renews the session, gives one successor, and is worthless once that has been used.
func TestBrokenExchangeNeitherLogsOutNorLeavesTwoTokens(t *testing.T) {
	eachBreakable(t, func(t *testing.T, b *breakable) {
		for _, at := range breakages {
			t.Run(at.when+" "+at.event, func(t *testing.T) {
				clock := &stillClock{}
				clock.micros.Store(time.Now().UnixMicro())
				b.node = startNode(t, b.DB.WithClock(clock.Now), b.URL)
				cookie := b.refreshCookie(t)
				b.interrupt(t, at, cookie)

				clock.Advance(6 * 24 * time.Hour)
				b.node = startNode(t, b.DB.WithClock(clock.Now), b.URL)
				next := b.refreshed(t, cookie)
				if again := b.refreshed(t, cookie); again != next {
					t.Fatalf("two successors, %s and %s", next, again)
				}
				last := b.refreshed(t, next)
				expect(t, b.refresh(cookie), 401, "")
				expect(t, b.refresh(last), 401, "") // that was reuse
			})
		}
	})
}

// A session that is to end because of reuse ends whole or not at all; what broke is made good at the next try.
func TestBrokenEndOfAReusedSession(t *testing.T) {
	eachBreakable(t, func(t *testing.T, b *breakable) {
		for n, at := range []breakage{
			{"BEFORE", "UPDATE OF ended_at ON sessions"}, {"AFTER", "UPDATE OF ended_at ON sessions"},
			{"BEFORE", "INSERT ON sign_ins"}, {"AFTER", "INSERT ON sign_ins"},
			{"BEFORE", "INSERT ON audit_bodies"}, {"AFTER", "INSERT ON audit_targets"},
			commitFails,
		} {
			t.Run(at.when+" "+at.event, func(t *testing.T) {
				cookie := b.refreshCookie(t)
				last := b.refreshed(t, b.refreshed(t, cookie))
				b.interrupt(t, at, cookie)
				last = b.refreshed(t, last)
				expect(t, b.refresh(cookie), 401, "")
				expect(t, b.refresh(last), 401, "")
				lines := b.texts(t, b.acme.ID, `SELECT l.id FROM sign_ins l WHERE l.tenant_id = $1 AND l.reason = 'reuse'`)
				if len(lines) != n+1 {
					t.Errorf("%d lines about %d reuses", len(lines), n+1)
				}
			})
		}
	})
}
