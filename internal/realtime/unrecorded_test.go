package realtime_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// raw is a program on SQLite, with a way to change its database behind its back.
func raw(t *testing.T, limits realtime.Limits) (*program, func(statement string)) {
	t.Helper()
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return newProgram(servertest.RunLimited(t, db, limits)), func(statement string) {
		t.Helper()
		other, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if _, err := other.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// full is a trigger that keeps the records of an event from being written.
func full(event string) string {
	return `CREATE TRIGGER full BEFORE INSERT ON audit_bodies WHEN NEW.event = '` + event + `'
		BEGIN SELECT RAISE(ABORT, 'there is no room for a record'); END`
}

// A handshake without its record has not happened: there is no connection, the ticket is good still, and
// the room is free.
func TestNothingIsOpenedWithoutItsRecord(t *testing.T) {
	p, run := raw(t, realtime.Limits{PerSession: 1})
	c := p.ann.SignIn()
	ticket := ticketOf(c)
	run(full("realtime.connect"))
	for range 2 {
		p.refused(t, 503, "unavailable", nil, "Authorization", "Bearer "+c.Token)
		p.refused(t, 503, "unavailable", offered(ticket))
	}
	run(`DROP TRIGGER full`)
	conn, _, err := p.handshake(t, offered(ticket))
	if err != nil {
		t.Fatal(err)
	}
	alive(t, conn)
}

// What is said must be counted on the record, or no more is said.
func TestWhatCannotBeCountedEndsTheConnection(t *testing.T) {
	p, run := raw(t, realtime.Limits{Told: time.Millisecond})
	conn := p.connect(t, p.ann.SignIn())
	run(full("realtime.echo"))
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"echo"}`)); err != nil {
		t.Fatal(err)
	}
	closed(t, conn, websocket.StatusTryAgainLater, "unavailable")
}
