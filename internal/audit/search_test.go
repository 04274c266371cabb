package audit_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// story leaves records of several kinds in acme, and one in globex.
func (o *office) story() {
	o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help"}`)
	o.must(200, "acme/clerk", "GET", "/v1/departments/help", "")
	o.must(404, "acme/clerk", "GET", "/v1/departments/lost", "")
	o.must(200, "acme/chief", "PUT", "/v1/roles/agent", `{"before":[],"after":["b"]}`)
	o.must(500, "acme/chief", "POST", "/v1/panic", "")
	o.must(401, "", "POST", "/v1/sign-in", `{"tenant":"acme","username":"bob","password":"x"}`)
	o.must(200, "globex/chief", "PUT", "/v1/roles/agent", `{"before":[],"after":["b"]}`)
}

func TestSearchNarrowsByEachFilter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.story()
		role := []string{"role.update"}
		none := []string{}
		instant := func(at time.Time) string { return url.QueryEscape(at.Format(time.RFC3339Nano)) }
		for _, c := range []struct {
			query string
			want  []string // newest first
		}{
			{"actor=chief&event=department.*", []string{"department.create"}},
			{"actor=clerk", []string{"department.read", "department.read"}},
			{"actor=clerk&outcome=failure", []string{"department.read"}},
			{"actor=stranger", none},
			{"session=session-clerk", []string{"department.read", "department.read"}},
			{"target_type=role&target=agent", role},
			{"target_type=user&target=agent", none},
			{"target_type=department&target=help", []string{"department.read"}},
			{"event=role.update", role},
			{"event=role.*", role},
			{"event=role.update,department.create", []string{"role.update", "department.create"}},
			{"event=auth.*,role.update&outcome=failure", []string{"auth.login"}},
			{"event=role", none},
			{"event=rol.*", none},
			{"event=department.*", []string{"department.read", "department.read", "department.create"}},
			{"event=department.read", []string{"department.read", "department.read"}},
			{"event=%25", none},
			{"outcome=unknown", []string{"access.panic"}},
			{"outcome=failure", []string{"auth.login", "department.read"}},
			{"event=role.*&from=" + instant(noon), role},
			{"event=role.*&to=" + instant(noon), none},
			{"event=role.*&from=" + instant(noon.Add(time.Microsecond)), none},
			{"event=role.*&from=" + instant(noon) + "&to=" + instant(noon.Add(time.Microsecond)), role},
			{"event=role.*&from=2026-05-04T20:00:00%2B08:00&to=2026-05-04T20:00:01%2B08:00", role},
			{"event=role.*&to=0001-01-01T00:00:00Z", none},
		} {
			if diff := cmp.Diff(c.want, o.search("acme/auditor", c.query).events(t)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.query, diff)
			}
		}
		for _, query := range []string{"target=agent", "target_type=role", "outcome=good", "from=yesterday", "limit=0", "limit=1000", "user=x"} {
			o.must(422, "acme/auditor", "GET", "/v1/audit/records?"+query, "")
		}
		o.must(403, "acme/nobody", "GET", "/v1/audit/records", "")
	})
}

func TestSearchGivesTheBytesAndTheValuesBesideThem(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help <&> \u2028"}`)
		f := o.search("acme/auditor", "event=department.create")
		if !bytes.Equal(f.Items[0].Record, o.bodies("acme")[0]) {
			t.Errorf("the bytes found are not those stored:\n%s\n%s", f.Items[0].Record, o.bodies("acme")[0])
		}
		want := map[string]string{"address": "203.0.113.9", "user_agent": "Firefox", "change.name.new": "Help <&> \u2028"}
		if diff := cmp.Diff(want, f.Items[0].Personal); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	})
}

func TestOwnScopeShowsWhatOneDidOneself(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.story()
		f := o.search("acme/clerk", "")
		if diff := cmp.Diff([]string{"department.read", "department.read"}, f.events(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := o.search("acme/clerk", "actor=chief").events(t); len(got) != 0 {
			t.Errorf("a clerk sees %q of the chief", got)
		}
	})
}

func TestPagesStayAsTheyWereWhileRecordsArrive(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		want := []string{}
		for range 23 {
			w := o.must(200, "acme/chief", "POST", "/v1/ask", `{"tenant":"acme"}`)
			want = append(want, w.Header().Get("Audit-Record"))
		}
		slices.Reverse(want)
		var got []string
		for query := "limit=5"; ; {
			f := o.search("acme/auditor", query) // which leaves a record itself
			for _, item := range f.Items {
				got = append(got, item.ID)
			}
			if f.Next == nil {
				break
			}
			query = "limit=5&cursor=" + *f.Next
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestSearchIsRecordedWithHowMuchItShowed(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	o.story()
	o.search("acme/auditor", "actor=clerk")
	all := o.records("acme")
	last := all[len(all)-1]
	if last.Action.Event != "audit.search" || last.Outcome.N != 2 || last.Action.Permission != "audit_log:read" {
		t.Errorf("%+v %+v", last.Action, last.Outcome)
	}
}

// The record of a search must not be one that its own reader was shown differently.
func TestFoundRecordsAreWellFormed(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	o.story()
	w := o.must(200, "acme/auditor", "GET", "/v1/audit/records", "")
	var page api.Page[struct{ Record json.RawMessage }]
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Items) != 6 {
		t.Fatalf("%d records, %v", len(page.Items), err)
	}
	for _, item := range page.Items {
		if _, err := trail.Parse(item.Record); err != nil {
			t.Errorf("%v: %s", err, item.Record)
		}
	}
}
