package exchange_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// line is one of an answer that says how far it is, or the last of it.
type line struct {
	Phase       string
	Done, Total int
	Created     int
	Status      int
	Code        string
}

// linesOf are the lines of an answer that says how far it is; the last of them is by itself.
func linesOf(t *testing.T, a *servertest.Answer) (reached []line, last line) {
	t.Helper()
	a.Expect(200)
	if kind := a.Header.Get("Content-Type"); kind != "application/x-ndjson" {
		t.Fatalf("the answer is %s: %s", kind, a.Body)
	}
	for text := range strings.Lines(string(a.Body)) {
		reached = append(reached, last)
		last = line{}
		if err := json.Unmarshal([]byte(text), &last); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	return reached[1:], last
}

// Who asks for it sees how far an import is, and last what became of it. What is wrong before that has its own
// status. Both that it began and how it ended are on record.
func TestImportsSayHowFarTheyAre(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		rows := []string{"username"}
		for i := range 600 {
			rows = append(rows, fmt.Sprint("u", i))
		}
		answer := bring(root, "users?progress=true", lines(rows...))
		reached, last := linesOf(t, answer)
		if last.Created != 600 || last.Phase != "" {
			t.Errorf("it ends with %+v", last)
		}
		before := line{Phase: "rows", Total: 600}
		for _, now := range reached {
			if now.Total != 600 || now.Done < before.Done || now.Phase != "rows" && now.Phase != "check" {
				t.Errorf("%+v comes after %+v", now, before)
			}
			before = now
		}
		if want := (line{Phase: "check", Done: 600, Total: 600}); before != want {
			t.Errorf("before the end it has reached %+v", before)
		}
		started, ended := records(t, s, acme.ID, "user.import.started"), records(t, s, acme.ID, "user.import")
		if len(started) != 1 || len(ended) != 6 || ended[0].ID != answer.Header.Get("Audit-Record") || started[0].Context.Request != ended[0].Context.Request {
			t.Errorf("%d records of beginnings and %d of ends, the first %+v", len(started), len(ended), ended[0])
		}
		_, last = linesOf(t, bring(root, "users?progress=true", lines("username,roles", "x,nothing")))
		if last.Status != 422 || last.Code != "bad_rows" {
			t.Errorf("a bad row ends it with %+v", last)
		}
		ended = records(t, s, acme.ID, "user.import")
		if r := ended[len(ended)-1]; r.Outcome.Result != trail.Failure || r.Outcome.Reason != "bad_rows" || r.Outcome.Code != 422 {
			t.Errorf("the failure is recorded as %+v", r.Outcome)
		}
		bring(root, "users?progress=true", "shoe\n").Refused(422, "invalid_request")
		s.Clock.Advance(10 * 60e9)
		bring(root, "users?progress=true", lines("username", "y")).Refused(401, "step_up_required")
		if diff := cmp.Diff(2, len(records(t, s, acme.ID, "user.import.started"))); diff != "" {
			t.Errorf("what never began is on record as begun: %s", diff)
		}
	})
}
