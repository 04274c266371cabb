package access_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/access/world"
)

// eachWorld runs a test on every world of testdata.
func eachWorld(t *testing.T, test func(t *testing.T, w *world.World)) {
	t.Helper()
	hand, _ := filepath.Glob("testdata/world-*.json")
	random, _ := filepath.Glob("testdata/random-*.json")
	if len(hand) != 2 || len(random) != 14 {
		t.Fatalf("found %d worlds and %d random ones", len(hand), len(random))
	}
	for _, path := range append(hand, random...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			w, err := world.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			test(t, w)
		})
	}
}

func TestWorlds(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world.World) {
		library, err := world.NewLibrary(w)
		if err != nil {
			t.Fatal(err)
		}
		result := world.Run(t.Context(), w, library)
		asked := len(w.Checks) + len(w.Holds) + len(w.Filters) + len(w.WhoCan) + len(w.Previews)
		if result.Passed+result.Failed != asked {
			t.Errorf("counted %d of %d questions", result.Passed+result.Failed, asked)
		}
		for _, failure := range result.Failures {
			t.Error(failure)
		}
	})
}

// Every check of the worlds is asked through every verb: they are views of one
// walk and must not drift apart.
func TestWorldsAgree(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world.World) {
		var book access.Book
		objects := map[string]*access.Object{}
		for _, tenant := range w.Tenants {
			book.Put(must(access.Compile(w.Catalogue, tenant.Tenant)))
			for i, o := range tenant.Objects {
				objects[tenant.ID+"/"+o.ID] = &tenant.Objects[i]
			}
		}
		for _, q := range w.Checks {
			o := objects[q.ObjectTenant+"/"+q.Object]
			s := must(book.Subject(q.Tenant, q.Subject))
			op := must(w.Catalogue.Operation(o.Resource, q.Action))
			agree(t, s, op, o, w.Now)
			byNames, err := book.Check(q.Tenant, q.Subject, o.Resource, q.Action, o, w.Now)
			if err != nil || byNames.Allow != q.Allow || !q.Allow && byNames.Reason != *q.Reason {
				t.Errorf("%+v by names: %+v, %v", q, byNames, err)
			}
		}
	})
}

// agree asks one question through every verb and returns the decision.
func agree(t errorer, s access.Subject, op access.Operation, o *access.Object, at time.Time) access.Decision {
	t.Helper()
	d, e := s.Check(op, o, at), s.Explain(op, o, at)
	question := fmt.Sprintf("%s/%s %v %s/%s", s.Snapshot().TenantID(), s.ID(), op, o.Tenant, o.ID)
	if d.Allow != e.Allow || d.Reason != e.Reason || d.Allow == (d.Reason != "") || e.Allow != (len(e.By) > 0) {
		t.Errorf("%s: checked %+v, explained %+v", question, d, e)
	}
	if d.Allow && (e.Have != nil || e.Needs != 0 || !s.Holds(op, d.Scope, at)) {
		t.Errorf("%s: allowed at %v, explained %+v", question, d.Scope, e)
	}
	if covers := s.Filter(op, at).Covers(o); covers != d.Allow {
		t.Errorf("%s: checked %t, filtered %t", question, d.Allow, covers)
	}
	who := slices.ContainsFunc(s.Snapshot().WhoCan(op, o, at), func(h access.Holder) bool {
		return h.Subject == s.ID() && slices.Equal(h.By, e.By)
	})
	if who != d.Allow {
		t.Errorf("%s: checked %t, among who can %t", question, d.Allow, who)
	}
	for _, scope := range e.Have {
		if !s.Holds(op, scope, at) {
			t.Errorf("%s: has %v and does not hold it", question, scope)
		}
	}
	return d
}

// An errorer is what testing.T and rapid.T have in common here.
type errorer interface {
	Helper()
	Errorf(format string, args ...any)
}
