package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// trailReader sees what each call adds to the trails of some tenants.
type trailReader struct {
	s       *servertest.Server
	tenants []string
	known   map[string]bool
}

func newTrailReader(t *testing.T, s *servertest.Server, tenants ...string) *trailReader {
	r := &trailReader{s: s, tenants: tenants, known: map[string]bool{}}
	r.fresh(t)
	return r
}

// stored is a record with the trail that it lies in.
type stored struct {
	tenant string
	trail.Record
}

// fresh returns the records of calls added since the last time. Connections leave one more when they end,
// and the desk one when it gives somebody what waits, which may be any time.
func (r *trailReader) fresh(t *testing.T) []stored {
	t.Helper()
	var found []stored
	for _, tenant := range r.tenants {
		for _, body := range r.unknown(t, tenant) {
			record, err := trail.Parse(body)
			if err != nil {
				t.Fatal(err)
			}
			if record.Action.Event == "realtime.disconnect" || record.Action.Op == trail.Job {
				continue
			}
			found = append(found, stored{tenant, record})
		}
	}
	return found
}

// unknown are the records among the last twenty of a trail that have not been read yet.
func (r *trailReader) unknown(t *testing.T, tenant string) (bodies [][]byte) {
	t.Helper()
	err := r.s.DB.Read(t.Context(), tenant, func(tx *store.Tx) error {
		_, err := store.Collect(t.Context(), tx, func(row store.Row) (id string, err error) {
			var body []byte
			if err := row.Scan(&id, &body); err != nil {
				return "", err
			}
			if !r.known[tenant+id] {
				r.known[tenant+id] = true
				bodies = append(bodies, body)
			}
			return id, nil
		}, `SELECT b.id, b.body FROM audit_bodies b WHERE b.tenant_id = $1 ORDER BY b.id DESC LIMIT 20`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bodies
}

// one returns the single record of the call that was just answered, which lies in this trail.
func (r *trailReader) one(t *testing.T, a *servertest.Answer, tenant string) trail.Record {
	t.Helper()
	found := r.fresh(t)
	// An attempt that names another tenant lies in the platform's trail too, under the same id.
	found = slices.DeleteFunc(found, func(s stored) bool {
		return len(found) == 2 && s.tenant == "platform" && tenant != "platform" && s.ID == found[0].ID
	})
	if len(found) != 1 {
		t.Fatalf("the call left %d records: %+v", len(found), found)
	}
	if found[0].tenant != tenant {
		t.Errorf("the record lies in the trail of %s, not of %s", found[0].tenant, tenant)
	}
	if header := a.Header.Get("Audit-Record"); header != found[0].ID {
		t.Errorf("Audit-Record is %q, the record is %s", header, found[0].ID)
	}
	return found[0].Record
}

// checkRecord compares a record with the operation and its answer.
func checkRecord(t *testing.T, op *api.Operation, a *servertest.Answer, r trail.Record) {
	t.Helper()
	door, method := op.Door()
	if r.Action.Event != op.Event || r.Action.Route != op.Path || r.Action.Method != method || r.Action.Op != door {
		t.Errorf("the record tells of %+v, the operation is %s %s, %s", r.Action, op.Method, op.Path, op.Event)
	}
	want := trail.Success
	if a.Status >= 400 {
		want = trail.Failure
	}
	if r.Outcome.Code != a.Status || r.Outcome.Result != want || r.Outcome.Reason != a.Code() {
		t.Errorf("the record says %+v, the answer was %d %s", r.Outcome, a.Status, a.Code())
	}
	asked := (op.HighRisk() || op.StepUp) && r.Actor.Type != trail.Anonymous && a.Code() != "no_permission"
	asked = asked || samples[op.ID].replaces && slices.Contains(r.Actor.AMR, "otp")
	if shown := asked && a.Code() != "mfa_enrolment_required"; (r.Action.StepUp == trail.StepUpFresh) != shown {
		t.Errorf("step_up is %q; asked for: %t, shown: %t", r.Action.StepUp, asked, shown)
	}
	checkPermission(t, op, a, r)
}

// checkPermission: the permission that decided is one of those that the operation needs.
func checkPermission(t *testing.T, op *api.Operation, a *servertest.Answer, r trail.Record) {
	t.Helper()
	needed := op.Access.Permissions()
	if len(needed) == 0 || r.Actor.Type == trail.Anonymous {
		return
	}
	decided := slices.ContainsFunc(needed, func(p string) bool {
		return r.Action.Permission == p || strings.HasPrefix(r.Action.Permission, p+":")
	})
	// A user who cannot be seen is hidden by the permissions to see them.
	hiding := a.Status == 404 && (r.Action.Permission == "user:read" || r.Action.Permission == "user:view")
	if !decided && !hiding {
		t.Errorf("%q decided, the operation needs %v (%d)", r.Action.Permission, needed, a.Status)
	}
}

func touched(r trail.Record, target target) bool {
	return slices.Contains(r.Target, trail.Ref{Type: target.kind, ID: target.id})
}
