package realtime_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// unrecorded is a program on SQLite, with a switch that keeps the records of an event from being written.
func unrecorded(t *testing.T, limits realtime.Limits) (p *program, deny, allow func(event string)) {
	t.Helper()
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	run := func(statement, event string) {
		t.Helper()
		raw, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		if _, err := raw.ExecContext(t.Context(), fmt.Sprintf(statement, event)); err != nil {
			t.Fatal(err)
		}
	}
	deny = func(event string) {
		run(`CREATE TRIGGER full BEFORE INSERT ON audit_bodies WHEN NEW.event = '%s' BEGIN SELECT RAISE(ABORT, 'there is no room'); END`, event)
	}
	allow = func(event string) { run(`DROP TRIGGER full -- for %s`, event) }
	return newProgram(servertest.RunLimited(t, db, limits)), deny, allow
}

// A handshake without its record has not happened: there is no connection, the ticket is good still, and
// the room is free.
func TestNothingIsOpenedWithoutItsRecord(t *testing.T) {
	p, deny, allow := unrecorded(t, realtime.Limits{PerSession: 1})
	c := p.ann.SignIn()
	ticket := ticketOf(c)
	deny("realtime.connect")
	for range 2 {
		p.refused(t, 503, "unavailable", nil, "Authorization", "Bearer "+c.Token)
		p.refused(t, 503, "unavailable", offered(ticket))
	}
	allow("realtime.connect")
	conn, _, err := p.handshake(t, offered(ticket))
	if err != nil {
		t.Fatal(err)
	}
	alive(t, conn)
}

// What is said must be counted on the record, or no more is said.
func TestWhatCannotBeCountedEndsTheConnection(t *testing.T) {
	p, deny, _ := unrecorded(t, realtime.Limits{Told: time.Millisecond})
	conn := p.connect(t, p.ann.SignIn())
	deny("realtime.echo")
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"echo"}`)); err != nil {
		t.Fatal(err)
	}
	closed(t, conn, websocket.StatusTryAgainLater, "unavailable")
}
