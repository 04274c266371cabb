package audit_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// refused is a call of a stranger at an address that was refused.
func (o *office) refused(operation, address string) *api.Call {
	call := o.call(operation, "")
	call.Address, call.Status, call.Code = netip.MustParseAddr(address), 401, "unauthenticated"
	return call
}

// refuse records n refusals and returns how many have a record of their own.
func (o *office) refuse(n int, operation, address string) (recorded int) {
	o.t.Helper()
	for range n {
		call := o.refused(operation, address)
		if err := o.audit.Record(o.t.Context(), call); err != nil {
			o.t.Fatal(err)
		}
		if call.Recorded {
			recorded++
		}
	}
	return recorded
}

func TestFloodOfRefusalsBecomesOneRecord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for _, c := range []struct {
			n                  int
			operation, address string
			want               int
		}{
			{30, "ask", "203.0.113.9", 20},
			{5, "ask", "203.0.113.200", 0}, // the same neighbourhood
			{20, "ask", "203.0.114.9", 20}, // the next one
			{20, "sign-in", "203.0.113.9", 20},
			{21, "ask", "2001:db8::1", 20},
			{1, "ask", "2001:db8::ffff:1", 0},
			{1, "ask", "2001:db8:0:1::1", 1},
		} {
			if got := o.refuse(c.n, c.operation, c.address); got != c.want {
				t.Errorf("%d refusals of %s by %s: %d have a record, want %d", c.n, c.operation, c.address, got, c.want)
			}
		}
		singly := len(o.records("platform"))
		o.audit.Stop()
		summaries := o.records("platform")[singly:]
		counts := map[string]int64{}
		for i, r := range summaries {
			counts[o.value(r, "network")] = r.Outcome.N
			if r.Actor.Type != trail.Anonymous || r.Action.Route != "/v1/ask" || r.Outcome.Result != trail.Failure ||
				r.Outcome.Reason != "rate_limited" || r.Outcome.Code != 0 || r.Outcome.MS != 0 {
				t.Errorf("summary %d: %+v", i, r)
			}
		}
		if len(summaries) != 2 || counts["203.0.113.0/24"] != 15 || counts["2001:db8::/64"] != 2 {
			t.Errorf("%d summaries: %v", len(summaries), counts)
		}
	})
}

// value is what lies beside a record of the platform's trail.
func (o *office) value(r trail.Record, name string) string {
	for _, p := range o.personal("platform") {
		if p.record == r.ID && p.field == "context.personal."+name {
			return p.value
		}
	}
	return ""
}

func TestWhatIsNoRefusalOfAStrangerIsAlwaysRecorded(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	for range 50 {
		o.must(403, "acme/nobody", "PUT", "/v1/roles/agent", `{}`)
		o.must(200, "", "POST", "/v1/sign-in", `{"tenant":"acme","username":"bob","password":"right"}`)
	}
	if got := len(o.records("acme")); got != 100 {
		t.Errorf("%d records of 100 calls", got)
	}
}

func TestAnswerOfAFloodHasNoRecord(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	for i := range 25 {
		w := o.must(401, "", "GET", "/v1/departments/help", "")
		if has := w.Header().Get("Audit-Record") != ""; has != (i < 20) {
			t.Errorf("answer %d names a record: %t", i, has)
		}
	}
}

// Whoever signs out of nothing is told that it is done; that must not fill the trail either.
func TestFloodThatSucceedsBecomesOneRecord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for range 30 {
			o.must(200, "", "POST", "/v1/sign-out", "")
		}
		o.must(401, "", "POST", "/v1/sign-in", `{"tenant":"none","username":"bob","password":"wrong"}`)
		if got := len(o.records("platform")); got != 21 {
			t.Errorf("%d records, want 20 and that of the sign-in", got)
		}
		o.audit.Stop()
		summary := trail.Outcome{Result: trail.Success, N: 10}
		if all := o.records("platform"); len(all) != 22 || !slices.ContainsFunc(all, func(r trail.Record) bool { return r.Outcome == summary }) {
			t.Errorf("%d records, or none that counts the other 10", len(all))
		}
	})
}

func TestSummaryThatCannotBeWrittenIsPartOfTheNext(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	o.refuse(30, "ask", "203.0.113.9")
	o.audit.EndMinute(func(int64) error { return errTooLate })
	if got := o.refuse(5, "ask", "203.0.113.9"); got != 0 {
		t.Errorf("%d records in a minute that began with a flood", got)
	}
	o.audit.Stop()
	all := o.records("platform")
	if got := all[len(all)-1].Outcome.N; len(all) != 21 || got != 15 {
		t.Errorf("%d records, the last counts %d", len(all), got)
	}
}

// A stranger with many networks must not have as many records written, nor as many counters kept.
func TestNetworksOfAMinuteAreBounded(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	var calls []*api.Call
	for i := range 3000 {
		calls = append(calls, o.refused("ask", fmt.Sprintf("2001:db8:0:%x::1", i)))
	}
	o.recordAll(calls)
	const singly = 1024 + 20
	if got := len(o.records("platform")); got != singly {
		t.Errorf("%d records, want %d", got, singly)
	}
	o.audit.Stop()
	all := o.records("platform")
	last := all[len(all)-1]
	if len(all) != singly+1 || last.Outcome.N != int64(3000-singly) || len(last.Context.Personal) != 0 {
		t.Errorf("%d records, the last counts %d", len(all), last.Outcome.N)
	}
}

func TestNetworkIsTheNeighbourhoodOfAnAddress(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.9":          "203.0.113.0/24",
		"::ffff:203.0.113.9":   "203.0.113.0/24",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"::1":                  "::/64",
		"255.255.255.255":      "255.255.255.0/24",
	} {
		if got := audit.Network(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	if got := audit.Network(netip.Addr{}); got != "unknown" {
		t.Errorf("no address: %s", got)
	}
}

// Whoever has signed in and calls too often is counted by who they are, in their own trail.
func TestFloodOfAUserIsTheirs(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		hasten := func(n int, tenant, user string) (recorded int) {
			for range n {
				call := o.call("ask", "chief")
				who := *call.Caller
				who.Tenant, who.User = tenant, user
				call.Caller, call.Status, call.Code = &who, 429, "rate_limited"
				if err := o.audit.Record(t.Context(), call); err != nil {
					t.Fatal(err)
				}
				if call.Recorded {
					recorded++
				}
			}
			return recorded
		}
		for _, c := range []struct {
			n, want      int
			tenant, user string
		}{{30, 20, "acme", "bob"}, {5, 0, "acme", "bob"}, {21, 20, "acme", "eve"}, {20, 20, "globex", "bob"}} {
			if got := hasten(c.n, c.tenant, c.user); got != c.want {
				t.Errorf("%d calls of %s at %s: %d have a record, want %d", c.n, c.user, c.tenant, got, c.want)
			}
		}
		o.audit.Stop()
		counts := map[string]int64{}
		for _, r := range o.records("acme")[40:] {
			counts[r.Actor.ID] = r.Outcome.N
			if r.Actor.Type != trail.User || r.Outcome.Reason != "rate_limited" || len(r.Context.Personal) > 0 {
				t.Errorf("%+v", r)
			}
		}
		if len(counts) != 2 || counts["bob"] != 15 || counts["eve"] != 1 || len(o.records("globex")) != 20 || len(o.records("platform")) != 0 {
			t.Errorf("the rest: %v", counts)
		}
	})
}

// What there is no room for is counted likewise, whatever is asked for: its records use up what is kept for them.
func TestNoRoomOfAUserIsCountedForAllRoutesTogether(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recorded := 0
		for i := range 30 {
			call := o.call([]string{"ask", "sign-out", "sign-in"}[i%3], "chief")
			call.Status, call.Code = 503, "no_room"
			if err := o.audit.Record(t.Context(), call); err != nil {
				t.Fatal(err)
			}
			if call.Recorded {
				recorded++
			}
		}
		if recorded != 20 {
			t.Errorf("%d of 30 refusals have a record", recorded)
		}
		o.audit.Stop()
		all := o.records("acme")
		want := trail.Outcome{Result: trail.Failure, Reason: "no_room", N: 10}
		if last := all[len(all)-1]; len(all) != 21 || last.Outcome != want || last.Action.Route != "/v1/ask" {
			t.Errorf("%d records, the last says %+v", len(all), last)
		}
	})
}
