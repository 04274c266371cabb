package server_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// A visit takes every operation that there is. One that reads changes nothing, whatever it calls; one
// that may write changes nothing of access, users and settings; to neither is a visitor anybody.
func TestWhatAVisitMayDo(t *testing.T) {
	t.Parallel()
	db, file := openRaw(t)
	w := newWalk(t, servertest.Run(t, db))
	for _, write := range []bool{false, true} {
		inside := w.staff[0].client.Enter(w.ours.Tenant, write)
		for _, op := range w.s.API.Operations() {
			if op.Access.Anyone() || op.ID == "tenant-leave" {
				continue
			}
			name := map[bool]string{false: "reading ", true: "writing "}[write] + op.ID
			t.Run(name, func(t *testing.T) { w.visit(t, file, inside, op, write) })
		}
	}
}

// mayWrite are the operations that change something, or seem to, and that a visit may call which asked
// for writing; those with true also a visit that reads. Whoever registers an operation that changes
// something decides here whether it is for visitors.
var mayWrite = map[string]bool{
	"access-holds": true, "access-check": true, "access-explain": true, // questions, asked with a body
	"access-filter": true, "access-what-can": true, "access-who-can": true,
	"visit-renew":              true, // makes a token
	"supervision-list":         false,
	"conversation-candidates":  false, // asked by whoever may transfer
	"dispatch-dry-run":         false,
	"conversation-monitor-end": false, // where a visitor has nothing to end
	"user-session-revoke":      false, "user-sessions-revoke": false,
	"conversation-update": false, "conversation-assign": false, "conversation-transfer": false, "conversation-hold": false,
	"conversation-resume": false, "conversation-park": false, "conversation-resolve": false, "conversation-reopen": false,
	"tag-create": false, "tag-update": false, "tag-delete": false, "canned-reply-update": false, "canned-reply-delete": false,
	"report-first-response-export": false, "report-waiting-export": false, "report-resolution-export": false,
	"report-ratings-export": false, "report-volume-export": false, "report-load-export": false,
	"user-export": false, "assignment-export": false,
	"agent-create": false, "agent-update": false, "agent-delete": false, "agent-status": false,
}

// asSomebody are the operations that a user does in person, so that a visitor, who is none, cannot.
var asSomebody = []string{
	"conversation-create", "conversation-take", "conversation-leave", "conversation-rating",
	"message-create", "file-create", "conversation-cursor", "conversation-monitor", "conversation-whisper", "conversation-barge",
	"me-agent-status", "canned-reply-create",
}

// visit calls one operation from inside.
func (w *walk) visit(t *testing.T, file *rawFile, inside *servertest.Client, op *api.Operation, write bool) {
	s := samples[op.ID]
	at := s.make(t, w, w.ours, w.ours.departments[0])
	if at.etag == "" || s.versionAt != "" {
		at.etag, s.versionAt = api.ETag(1), ""
	}
	w.trail.fresh(t)
	before := file.content()
	answer := s.call(t, w, inside, op, at)
	diff := gocmp.Diff(before, file.content())
	want := visitorsCode(op, write)
	if answer.Code() != want || want == "" && answer.Status != cmp.Or(s.refuses, op.Status) {
		t.Errorf("want code %q, the answer is %d %s", want, answer.Status, answer.Body)
	}
	if diff != "" && (want != "" || !write) {
		t.Errorf("it changed something (-before +after):\n%s", diff)
	}
	w.noForeignIDs(t, answer)
	record := w.trail.one(t, answer, w.ours.ID)
	if record.Actor.Type != trail.Platform || record.Actor.For == nil || record.Actor.For.ID != w.ours.ID {
		t.Errorf("the record says %+v did it", record.Actor)
	}
}

// visitorsCode is what the design says, without a look at how the program decides.
func visitorsCode(op *api.Operation, write bool) string {
	whenReading, listed := mayWrite[op.ID]
	isRead := func(p string) bool { return strings.HasSuffix(p, ":read") || strings.HasSuffix(p, ":view") }
	switch {
	case slices.Contains(asSomebody, op.ID) && write:
		return "visitor_is_nobody"
	case listed && (write || whenReading):
		return ""
	case len(op.Access.Permissions()) == 0 && op.Method == http.MethodGet && aboutOthers(op):
		return ""
	case len(op.Access.Permissions()) == 0:
		return "visitor_is_nobody"
	case !slices.ContainsFunc(op.Access.Permissions(), ofTenants) && (write || op.Method == http.MethodGet):
		return "no_permission" // of the platform alone
	case op.Method == http.MethodGet && slices.ContainsFunc(op.Access.Permissions(), isRead):
		return ""
	case write:
		return "visit_keeps_access"
	}
	return "visit_reads_only"
}

// aboutOthers tells whether what needs no permission is about the tenant or somebody in it.
func aboutOthers(op *api.Operation) bool {
	return op.Path == "/v1/catalogue" || strings.HasPrefix(op.Path, "/v1/users/{id}/")
}

func ofTenants(permission string) bool {
	resource, action, _ := strings.Cut(permission, ":")
	_, err := access.BuiltIn().Operation(resource, action)
	return err == nil
}
