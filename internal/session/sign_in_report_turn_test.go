package session_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// A report may read a long log: a tenant has one made at a time, so that those who ask for many at once leave the database to
// others, and a few more wait.
func TestReportsOfSignInsTakeTurns(t *testing.T) {
	m := newMeeting(t)
	conn, err := pgx.Connect(t.Context(), m.owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	holding, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holding.Exec(t.Context(), `LOCK TABLE sign_ins IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	const asked, wait = 20, 8
	answers := make(chan *servertest.Answer, asked)
	for range asked {
		go func() { answers <- m.chief.Do("GET", "/v1/reports/sign-ins?from=2026-01-01&to=2026-12-31", nil) }()
	}
	for range asked - wait {
		(<-answers).Refused(429, "rate_limited")
	}
	m.waitFor(t, 1, func() bool { return false })
	if n := m.waiting(t); n != 1 {
		t.Errorf("%d reports wait in the database", n)
	}
	if err := holding.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range wait {
		(<-answers).Expect(200)
	}
}
