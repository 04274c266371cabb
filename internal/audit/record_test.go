package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

func actor(kind trail.ActorType, user string) trail.Actor {
	return trail.Actor{Type: kind, ID: user, Roles: []string{"agent", user}, SID: "session-" + user, AMR: []string{"pwd"}}
}

func TestEachCallLeavesOneRecord(t *testing.T) {
	action := func(method, route, event, permission, policy string, stepUp trail.StepUp) trail.Action {
		return trail.Action{Op: trail.HTTP, Method: method, Route: route, Event: event, Permission: permission, Policy: policy, StepUp: stepUp}
	}
	chief, nobody, platform := actor(trail.User, "chief"), actor(trail.User, "nobody"), actor(trail.Platform, "chief")
	anonymous := trail.Actor{Type: trail.Anonymous}
	each(t, func(t *testing.T, o *office) {
		for _, c := range []struct {
			name, token, method, path, body string
			tenant                          string
			actor                           trail.Actor
			action                          trail.Action
			target                          []trail.Ref
			outcome                         trail.Outcome
		}{
			{"a read", "acme/chief", "GET", "/v1/departments/help?q=x", "", "acme", chief,
				action("GET", "/v1/departments/{id}", "department.read", "department:read:all", "7", ""),
				[]trail.Ref{{Type: "department", ID: "help"}}, trail.Outcome{Result: trail.Success, Code: 200, N: 1}},
			{"what is not there", "acme/chief", "GET", "/v1/departments/x", "", "acme", chief,
				action("GET", "/v1/departments/{id}", "department.read", "department:read", "7", ""),
				[]trail.Ref{{Type: "department", ID: "x"}}, trail.Outcome{Result: trail.Failure, Code: 404, Reason: "not_found", N: 1}},
			{"a change", "acme/chief", "PUT", "/v1/roles/agent", `{"before":["a"],"after":["b"]}`, "acme", chief,
				action("PUT", "/v1/roles/{name}", "role.update", "role:update:all", "7", trail.StepUpFresh),
				[]trail.Ref{{Type: "role", ID: "agent"}}, trail.Outcome{Result: trail.Success, Code: 200}},
			{"no permission", "acme/nobody", "PUT", "/v1/roles/agent", `{}`, "acme", nobody,
				action("PUT", "/v1/roles/{name}", "role.update", "role:update", "7", ""),
				nil, trail.Outcome{Result: trail.Failure, Code: 403, Reason: "no_permission"}},
			{"an old second factor", "acme/drowsy", "PUT", "/v1/roles/agent", `{}`, "acme", actor(trail.User, "drowsy"),
				action("PUT", "/v1/roles/{name}", "role.update", "role:update", "7", trail.StepUpNone),
				nil, trail.Outcome{Result: trail.Failure, Code: 401, Reason: "step_up_required"}},
			{"a bad body", "acme/chief", "PUT", "/v1/roles/agent", `{"before":`, "acme", chief,
				action("PUT", "/v1/roles/{name}", "role.update", "role:update", "7", trail.StepUpFresh),
				nil, trail.Outcome{Result: trail.Failure, Code: 422, Reason: "invalid_request"}},
			{"a panic", "acme/chief", "POST", "/v1/panic", "", "acme", chief,
				action("POST", "/v1/panic", "access.panic", "", "7", ""),
				nil, trail.Outcome{Result: trail.Unknown, Code: 500, Reason: "panic"}},
			{"platform staff", "platform/chief", "POST", "/v1/ask", `{"tenant":"platform"}`, "platform", platform,
				action("POST", "/v1/ask", "access.check", "", "7", ""), nil, trail.Outcome{Result: trail.Success, Code: 200}},
			{"no token", "", "GET", "/v1/departments/help", "", "platform", anonymous,
				action("GET", "/v1/departments/{id}", "department.read", "", "", ""),
				nil, trail.Outcome{Result: trail.Failure, Code: 401, Reason: "unauthenticated"}},
			{"a bad token", "acme/stranger", "GET", "/v1/departments/help", "", "platform", anonymous,
				action("GET", "/v1/departments/{id}", "department.read", "", "", ""),
				nil, trail.Outcome{Result: trail.Failure, Code: 401, Reason: "audit_test_token"}},
			{"a sign-in", "", "POST", "/v1/sign-in", `{"tenant":"acme","username":"bob","password":"right"}`, "acme", trail.Actor{Type: trail.User, ID: "bob"},
				action("POST", "/v1/sign-in", "auth.login", "", "0", ""), nil, trail.Outcome{Result: trail.Success, Code: 200}},
			{"a failed sign-in", "", "POST", "/v1/sign-in", `{"tenant":"acme","username":"bob","password":"x"}`, "acme", anonymous,
				action("POST", "/v1/sign-in", "auth.login", "", "", ""), nil, trail.Outcome{Result: trail.Failure, Code: 401, Reason: "audit_test_token"}},
			{"a sign-in to nowhere", "", "POST", "/v1/sign-in", `{"tenant":"nowhere","username":"bob","password":"x"}`, "platform", anonymous,
				action("POST", "/v1/sign-in", "auth.login", "", "", ""), nil, trail.Outcome{Result: trail.Failure, Code: 401, Reason: "audit_test_token"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				before := map[string]int{}
				for _, tenant := range []string{"platform", "acme", "globex"} {
					before[tenant] = len(o.records(tenant))
				}
				w := o.do(c.token, c.method, c.path, c.body)
				before[c.tenant]++
				for tenant, want := range before {
					if got := len(o.records(tenant)); got != want {
						t.Fatalf("%s has %d records, want %d", tenant, got, want)
					}
				}
				all := o.records(c.tenant)
				got := all[len(all)-1]
				want := trail.Record{
					ID: w.Header().Get("Audit-Record"), Log: "desk.example/audit/" + c.tenant, Time: noon,
					Actor: c.actor, Action: c.action, Target: c.target,
					Context: trail.Context{Tenant: c.tenant, Request: w.Header().Get("X-Request-Id"), Node: "n1"},
					Outcome: c.outcome,
				}
				ignore := cmp.Options{
					cmpopts.IgnoreFields(trail.Record{}, "Change"), cmpopts.IgnoreFields(trail.Context{}, "Personal"),
					cmpopts.IgnoreFields(trail.Outcome{}, "MS"), cmpopts.EquateEmpty(),
				}
				if diff := cmp.Diff(want, got, ignore); diff != "" {
					t.Errorf("record (-want +got):\n%s", diff)
				}
			})
		}
	})
}

// changesOf words what a record says was changed.
func changesOf(r trail.Record) string {
	var b strings.Builder
	for f := range r.Change.All() {
		fmt.Fprintf(&b, "%s %q→%q committed %t→%t; ", f.Field, f.Old, f.New, f.OldCommitted != "", f.NewCommitted != "")
	}
	return b.String()
}

func (o *office) departments(tenant string) []string {
	return collect(o, tenant, store.Text, `SELECT d.id FROM departments d WHERE d.tenant_id = $1`)
}

func TestRecordCommitsWithTheChange(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help desk"}`)
		records, departments := o.records("acme"), o.departments("acme")
		if len(records) != 1 || len(departments) != 1 || records[0].Target[0].ID != departments[0] {
			t.Fatalf("records %v of departments %v", records, departments)
		}
		if got := changesOf(records[0]); got != `name []→[] committed false→true; status []→["active"] committed false→false; ` {
			t.Errorf("changes %s", got)
		}
	})
}

func TestRecordVanishesWithTheChange(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(500, "acme/chief", "POST", "/v1/departments", `{"name":"Help desk","how":"rollback"}`)
		records := o.records("acme")
		if len(records) != 1 || len(o.departments("acme")) != 0 {
			t.Fatalf("records %v of departments %v", records, o.departments("acme"))
		}
		if r := records[0]; r.Outcome.Result != trail.Failure || r.Outcome.Reason != "internal" || changesOf(r) != "" {
			t.Errorf("outcome %+v, changes %q of what did not happen", r.Outcome, changesOf(r))
		}
		for _, p := range o.personal("acme") {
			if strings.HasPrefix(p.field, "change.") {
				t.Errorf("a value of what did not happen is kept: %+v", p)
			}
		}
	})
}

func TestRepeatedTransactionLeavesOneRecord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help desk","how":"retry"}`)
		records, departments := o.records("acme"), o.departments("acme")
		if len(records) != 1 || len(departments) != 1 {
			t.Fatalf("%d records of %d departments", len(records), len(departments))
		}
		last := records[0].Target[len(records[0].Target)-1]
		if last.ID != departments[0] || records[0].Outcome.Result != trail.Success {
			t.Errorf("target %v, department %v, outcome %+v", last, departments, records[0].Outcome)
		}
	})
}

func TestAppendNeedsACallWithoutARecord(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	o.must(500, "acme/chief", "POST", "/v1/departments", `{"name":"Help desk","how":"twice"}`)
	if records := o.records("acme"); len(records) != 1 || records[0].Outcome.Result != trail.Success {
		t.Errorf("two transactions of one call left %+v", records)
	}
	err := o.db.Write(t.Context(), "acme", func(tx *store.Tx) error { return o.audit.Append(t.Context(), tx) })
	if err == nil {
		t.Error("a change outside an operation was recorded as one")
	}
}

func TestCallThatNamesAnotherTenantIsKnownToThePlatform(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(200, "acme/chief", "POST", "/v1/ask", `{"tenant":"acme"}`)
		w := o.must(200, "acme/chief", "POST", "/v1/ask", `{"tenant":"globex"}`)
		home, platform := o.records("acme"), o.records("platform")
		if len(home) != 2 || len(platform) != 1 || len(o.records("globex")) != 0 {
			t.Fatalf("%d records at home, %d with the platform, %d in the tenant named", len(home), len(platform), len(o.records("globex")))
		}
		if id := w.Header().Get("Audit-Record"); home[1].ID != id || platform[0].ID != id {
			t.Errorf("ids %s and %s, want %s", home[1].ID, platform[0].ID, id)
		}
		if platform[0].Log != "desk.example/audit/platform" || platform[0].Context.Tenant != "acme" {
			t.Errorf("the platform's copy: log %s, tenant %s", platform[0].Log, platform[0].Context.Tenant)
		}
		o.must(200, "platform/chief", "POST", "/v1/ask", `{"tenant":"globex"}`)
		if got := len(o.records("platform")); got != 2 {
			t.Errorf("platform staff leave %d records, want one", got-1)
		}
	})
}

func TestActOfTheSystemIsRecordedInItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		act := audit.Act{Op: trail.CLI, Event: "tenant.create", Targets: []trail.Ref{{Type: "tenant", ID: "acme"}}}
		for _, wanted := range []error{nil, errTooLate} {
			err := o.db.Write(t.Context(), "acme", func(tx *store.Tx) error {
				if err := o.audit.AppendAct(t.Context(), tx, act); err != nil {
					return err
				}
				return wanted
			})
			if (err == nil) != (wanted == nil) {
				t.Fatal(err)
			}
		}
		records := o.records("acme")
		if len(records) != 1 || records[0].Actor.Type != trail.System || records[0].Actor.ID != "n1" || records[0].Action.Op != trail.CLI {
			t.Errorf("records %+v", records)
		}
	})
}

// What strangers send, and what grew large, must not keep an operation from being recorded.
func TestRecordHoldsWhateverComes(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	var many []string
	for i := range 400 {
		many = append(many, fmt.Sprintf(`"resource_with_a_long_name_%d:action:department"`, i))
	}
	list := "[" + strings.Join(many, ",") + "]"
	each(t, func(t *testing.T, o *office) {
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help"}`, "User-Agent", long)
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help"}`, "User-Agent", "\xff\xfe客"+strings.Repeat("服", 1000))
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"`+long+`"}`)
		o.must(401, "", "POST", "/v1/sign-in", `{"tenant":"acme","username":"`+long+`","password":"x"}`, "User-Agent", "\x80")
		o.must(404, "acme/chief", "GET", "/v1/departments/"+long, "")
		o.must(200, "acme/chief", "PUT", "/v1/roles/agent", `{"before":[],"after":`+list+`}`)
		records := o.records("acme")
		if len(records) != 6 {
			t.Fatalf("%d records", len(records))
		}
		if got := records[4].Target; len(got) != 0 {
			t.Errorf("what cannot be an id is recorded as a target: %.60v", got)
		}
		if got := changesOf(records[5]); got != "permissions []→[] committed false→false; " {
			t.Errorf("a change too large for a record: %.200s", got)
		}
		for _, p := range o.personal("acme") {
			if len(p.value) > 1024 {
				t.Errorf("%s has %d bytes", p.field, len(p.value))
			}
		}
	})
}

// Who edits a role of many permissions leaves what they added and took away, and not only that there was something.
func TestALargeChangeTellsWhatCameAndWent(t *testing.T) {
	list := func(n int, more string) string {
		names := []string{`"` + more + `"`}
		for i := range n {
			names = append(names, fmt.Sprintf(`"resource_with_a_long_name_%d:action:department"`, i))
		}
		return "[" + strings.Join(names, ",") + "]"
	}
	each(t, func(t *testing.T, o *office) {
		for _, n := range []int{2, 400} {
			o.must(200, "acme/chief", "PUT", "/v1/roles/agent", `{"before":`+list(n, "tag:read:all")+`,"after":`+list(n, "audit_log:export:all")+`}`)
		}
		records := o.records("acme")
		if got := changesOf(records[0]); strings.Contains(got, "difference") || !strings.Contains(got, "name_1:action") {
			t.Errorf("a change that fits is told as %s", got)
		}
		want := `permissions []→[] committed false→false; permissions.difference ["tag:read:all"]→["audit_log:export:all"] committed false→false; `
		if got := changesOf(records[1]); got != want {
			t.Errorf("a large change is told as %.300s", got)
		}
	})
}

func TestRecordCountsTargetsThatItCannotHold(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	call := o.call("ask", "chief")
	for i := range 250 {
		call.Targets = append(call.Targets, trail.Ref{Type: "user", ID: fmt.Sprint(i)})
	}
	for i := range 100 {
		call.Caller.Roles = append(call.Caller.Roles, fmt.Sprintf("role%03d", i))
	}
	if err := o.audit.Record(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if r := o.records("acme")[0]; len(r.Target) != 100 || r.Outcome.N != 250 || len(r.Actor.Roles) != 64 {
		t.Errorf("%d targets of %d, %d roles", len(r.Target), r.Outcome.N, len(r.Actor.Roles))
	}
}

// call is one that has ended well and has no record yet.
func (o *office) call(operation, user string) *api.Call {
	o.t.Helper()
	id := store.NewID(noon)
	call := &api.Call{ID: id, Request: id, Started: noon, Operation: o.operation(operation), Status: 200}
	if user != "" {
		who, err := authenticate(o.t.Context(), "acme/"+user)
		if err != nil {
			o.t.Fatal(err)
		}
		call.Caller = who
	}
	return call
}
