package server_test

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// needNoRoom are the operations that are no reads and go on while the disk is nearly full. Whoever registers an operation
// that asks, lets somebody in or takes access away decides here as well.
var needNoRoom = []string{
	"access-check", "access-explain", "access-filter", "access-holds", "access-what-can", "access-who-can", // questions
	"department-preview", "exclusion-preview", "role-preview", "user-preview", "user-roles-preview", "users-roles-preview", "dispatch-dry-run",
	"auth-login", "auth-login-enrol", "auth-login-otp", "auth-refresh", "auth-step-up", "password-link-redeem", // ways in
	"me-second-factor-enrol", "me-second-factor-confirm", "realtime-ticket", "tenant-enter", "visit-renew",
	"auth-logout", "auth-password", "me-session-revoke", "me-sessions-revoke", "tenant-leave", // ways out
	"user-session-revoke", "user-sessions-revoke", "user-disable", "user-delete", "second-factor-reset", "role-deactivate", "tenant-suspend",
	"me-agent-status", "agent-status", "conversation-monitor-end",
}

// On a disk that is nearly full every operation either goes on, or is refused with a record and changes nothing.
func TestEveryOperationKnowsWhetherItNeedsRoom(t *testing.T) {
	t.Parallel()
	db, file := openRaw(t)
	var left atomic.Int64
	left.Store(2)
	w := newWalk(t, servertest.RunOnDisk(t, db, func() (int64, error) { return left.Load(), nil }, 2))
	for _, op := range w.s.API.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			left.Store(2)
			s := samples[op.ID]
			client := w.chiefFor(s)
			s.caller = client.User
			side := w.ours
			if op.ID == "tenant-suspend" { // which happens, and ours is still needed
				side = w.theirs
			}
			at := s.make(t, w, side, side.departments[0])
			if s.body != nil {
				body := s.body(w, at)
				s.body = func(*walk, target) any { return body }
			}
			w.trail.fresh(t)
			before := file.content()
			left.Store(1)
			w.withoutRoom(t, op, s, client, at)
			if diff := gocmp.Diff(before, file.content()); diff != "" && !goesOn(op) {
				t.Errorf("it changed something (-before +after):\n%s", diff)
			}
		})
	}
}

func goesOn(op *api.Operation) bool {
	return op.Method == http.MethodGet || slices.Contains(needNoRoom, op.ID)
}

func (w *walk) withoutRoom(t *testing.T, op *api.Operation, s sample, client *servertest.Client, at target) {
	t.Helper()
	answer := s.call(t, w, client, op, at)
	if goesOn(op) {
		if answer.Status >= 400 && answer.Code() == "no_room" {
			t.Error("it is refused")
		}
		return
	}
	home := client.User.Tenant.ID
	if op.Access.Anyone() {
		home = "platform"
	}
	if r := w.trail.one(t, answer.Refused(503, "no_room"), home); r.Outcome.Reason != "no_room" || r.Action.Event != op.Event {
		t.Errorf("the record says %+v %+v", r.Action, r.Outcome)
	}
}
