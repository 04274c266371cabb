package server_test

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// Whatever is sent to an operation, by whomever: the answer is one that the description of the API knows, it is no failure of
// the server's, it has left exactly one record which says the same, and where it is a refusal nothing has changed.
func TestWhateverIsSentIsAnswered(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		path := storetest.SQLiteFile(t)
		db, err := store.OpenSQLite(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		newStranger(t, db, &rawFile{t: t, path: path}).all(t)
	})
	t.Run("postgres", func(t *testing.T) { newStranger(t, storetest.Postgres(t), nil).all(t) })
}

// stranger sends operations what was drawn from their descriptions, under the names of various people.
type stranger struct {
	w    *walk
	doc  *openapi3.T
	file *rawFile // nil where nobody looks beside the server
	from map[string]*servertest.Client
	many map[string]int // how many calls of an operation came from nobody who is known
}

func newStranger(t *testing.T, db *store.DB, file *rawFile) *stranger {
	var text bytes.Buffer
	if err := server.WriteOpenAPI(&text); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return &stranger{w: newWalk(t, servertest.Run(t, db)), doc: doc, file: file, from: map[string]*servertest.Client{}, many: map[string]int{}}
}

// all draws a few calls of every operation.
func (s *stranger) all(t *testing.T) {
	servertest.Fewer(t, 50)
	for _, op := range s.w.s.API.Operations() {
		t.Run(op.ID, func(t *testing.T) { rapid.Check(t, func(rt *rapid.T) { s.send(t, rt, op) }) })
	}
}

// send draws one call and judges what becomes of it.
func (s *stranger) send(t *testing.T, rt *rapid.T, op *api.Operation) {
	sample := samples[op.ID]
	side := s.side(rt)
	at := sample.make(t, s.w, side, side.departments[0])
	if sample.kind == "tenant" { // one that nobody needs
		at.id = s.w.s.NewTenant(s.w.name("tenant-"), "it-desk").ID
	}
	by := rapid.SampledFrom([]string{"admin", "admin", "admin", "platform_admin", "agent", "user", "nobody", "liar"}).Draw(rt, "by")
	client := s.client(by)
	d := drawing{T: rt, described: s.doc.Paths.Value(op.Path).GetOperation(op.Method), words: s.words(at), places: []string{never, s.w.theirs.departments[1], s.w.theirs.asker.ID}}
	var good any
	if sample.body != nil {
		good = sample.body(s.w, at)
	}
	path := d.place(op.Path, map[string]string{"id": cmp.Or(at.user, at.id), "name": at.id, "sid": at.id}) + d.query()
	headers := append([]string{"If-Match", at.etag}, sample.headers...)
	body, headers := d.content(good), d.conditions(headers)
	if by == "nobody" || by == "liar" || op.Access.Anyone() {
		s.many[op.ID]++
	}
	s.w.trail.fresh(t)
	before := s.content()

	answer, err := client.Try(op.Method, path, body, headers...)
	if err != nil {
		rt.Fatal(err)
	}
	told := fmt.Sprintf("%s: %s %s %q %q\n%d %s", by, op.Method, path, headers, body, answer.Status, answer.Body)
	if answer.Status >= 500 {
		rt.Fatalf("a failure of the server's: %s", told)
	}
	if diff := gocmp.Diff(before, s.content()); diff != "" && answer.Status >= 400 {
		rt.Fatalf("refused, and something changed (-before +after):\n%s%s", diff, told)
	}
	if fault := s.recorded(t, op, answer); fault != "" {
		rt.Fatalf("%s: %s", fault, told)
	}
}

// recorded tells what is wrong with the records of an answer. What is done to many may have several, and so has what
// begins to be answered before it is over.
func (s *stranger) recorded(t *testing.T, op *api.Operation, a *servertest.Answer) string {
	ids := map[string]trail.Record{}
	for _, found := range s.w.trail.fresh(t) { // what names another tenant lies in the platform's trail too
		// That of a flood, which comes when a minute is over, has no code; nor has what has only begun.
		if found.Outcome.Code != 0 || found.Action.Event == op.Event+".started" {
			ids[found.ID] = found.Record
		}
	}
	record, there := ids[a.Header.Get("Audit-Record")]
	streamed := a.Header.Get("Content-Type") == "application/x-ndjson" // whose status was sent before the end was known
	switch {
	case len(ids) == 0 && s.many[op.ID] > 20: // from there on strangers are counted
		return ""
	case !there || len(ids) > 1 && a.Status >= 400:
		return fmt.Sprintf("%d records, of which Audit-Record names one: %t", len(ids), there)
	case record.Action.Route != op.Path || record.Action.Event != op.Event:
		return fmt.Sprintf("the record is of %+v", record.Action)
	case streamed:
		return ""
	case record.Outcome.Code != a.Status || record.Outcome.Reason != a.Code() || (record.Outcome.Result == trail.Success) != (a.Status < 400):
		return fmt.Sprintf("the record says %+v", record.Outcome)
	}
	for _, other := range ids {
		if other.Context.Request != record.Context.Request {
			return fmt.Sprintf("a record of another request: %+v", other.Action)
		}
	}
	return ""
}

func (s *stranger) content() []string {
	if s.file == nil {
		return nil
	}
	return s.file.content()
}

// side is whose the object is that a call is about.
func (s *stranger) side(rt *rapid.T) *side {
	if rapid.IntRange(1, 10).Draw(rt, "side") == 10 {
		return s.w.theirs
	}
	return s.w.ours
}

// words are what a call may name.
func (s *stranger) words(at target) []string {
	ours := s.w.ours
	words := []string{never, ours.Slug, ours.departments[0], ours.departments[1], ours.asker.ID, ours.receiver.ID, ours.receiver.Username, "agent", "auditor", "admin",
		"tag:read:all", "conversation", "read", s.w.theirs.departments[0], s.w.theirs.asker.ID, "Support", "x", "some words of text"}
	if at.id != "" {
		words = append(words, at.id)
	}
	return words
}

// client is somebody's, signed in; again where what was sent before has put an end to that.
func (s *stranger) client(by string) *servertest.Client {
	switch by {
	case "nobody":
		return s.w.s.Client()
	case "liar":
		c := s.w.s.Client()
		c.Token = "eyJhbGciOiJub25lIn0.e30."
		return c
	}
	if c := s.from[by]; c != nil && c.Do("GET", "/v1/me", nil).Status == 200 {
		return c
	}
	tenant := s.w.ours.Tenant
	if by == "platform_admin" {
		tenant = s.w.s.PlatformTenant()
	}
	s.from[by] = tenant.NewUser(s.w.name(strings.ReplaceAll(by, "_", "-")), nil, by).SignIn()
	return s.from[by]
}
