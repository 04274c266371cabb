package caller_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

func TestRequireNewNamesWhatIsNeededAndWhatThereIs(t *testing.T) {
	foreign := conversation("")
	foreign.Tenant = "globex"
	for _, c := range []struct {
		name   string
		by     *caller.Caller
		object *access.Object
		want   refusal
	}{
		{"own at work", by(t, "agent"), conversation("agent"), refusal{}},
		{"one's department", by(t, "lead"), conversation("agent", "printers"), refusal{}},
		{"out of scope", by(t, "agent"), conversation("lead", "printers"),
			refusal{"out_of_scope", "needs conversation:assign at department; you have own"}},
		{"another department", by(t, "lead"), conversation("agent", "sales"),
			refusal{"out_of_scope", "needs conversation:assign at all; you have department"}},
		{"no permission", by(t, "reader"), conversation("agent", "sales"),
			refusal{"no_permission", "needs conversation:assign at all; you have nothing"}},
		{"expired", by(t, "late"), conversation("agent"),
			refusal{"assignment_expired", "needs conversation:assign; you have nothing"}},
		{"role deactivated", by(t, "pensioner"), conversation("agent"),
			refusal{"role_inactive", "needs conversation:assign; you have nothing"}},
		{"user disabled", by(t, "gone"), conversation("agent"),
			refusal{"subject_inactive", "needs conversation:assign; you have nothing"}},
		{"tenant suspended", by(t, "writer", suspended), conversation("agent"),
			refusal{"tenant_suspended", "needs conversation:assign; you have nothing"}},
		{"another tenant", by(t, "writer"), foreign,
			refusal{"other_tenant", "needs conversation:assign; you have all"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, refusalOf(c.by.RequireNew("conversation:assign", c.object))); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequireHidesWhatTheCallerCannotSee(t *testing.T) {
	hidden := refusal{"not_found", ""}
	foreign := conversation("")
	foreign.Tenant = "globex"
	for _, c := range []struct {
		name   string
		by     *caller.Caller
		object *access.Object
		want   refusal
	}{
		{"allowed", by(t, "lead"), conversation("agent", "help"), refusal{}},
		{"allowed without being seen", by(t, "writer"), conversation("agent"), refusal{}},
		{"seen, not allowed", by(t, "reader"), conversation("agent"), refusal{"no_permission", "needs conversation:assign at all; you have nothing"}},
		{"seen unassigned, not allowed", by(t, "agent"), conversation("", "sales"), refusal{"out_of_scope", "needs conversation:assign at unassigned; you have own"}},
		{"not seen", by(t, "agent"), conversation("lead", "help"), hidden},
		{"seen by nobody who holds nothing", by(t, "nobody"), conversation("agent"), hidden},
		{"another tenant", by(t, "reader"), foreign, hidden},
		{"expired", by(t, "late"), conversation("agent"), hidden},
		{"of a resource that nobody can read", by(t, "reader"), &access.Object{Tenant: "acme", Resource: "spaceship"}, hidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, refusalOf(c.by.Require("conversation:assign", c.object))); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHiddenRefusalKeepsItsReasonForTheLog(t *testing.T) {
	err := by(t, "agent").Require("conversation:assign", conversation("lead", "help"))
	if cause := refusalOf(errors.Unwrap(err)); cause.Code != "out_of_scope" {
		t.Errorf("the cause is %v, want out_of_scope", cause)
	}
}

func TestMayAsksWhetherAnythingIsHeldAtAnyScope(t *testing.T) {
	for _, c := range []struct {
		name        string
		by          *caller.Caller
		permissions []string
		want        refusal
	}{
		{"held at own", by(t, "agent"), []string{"conversation:assign"}, refusal{}},
		{"held at unassigned", by(t, "agent"), []string{"conversation:read"}, refusal{}},
		{"the second of two", by(t, "reader"), []string{"conversation:assign", "conversation:read"}, refusal{}},
		{"none demanded", by(t, "nobody"), nil, refusal{}},
		{"one missing", by(t, "nobody"), []string{"role:read"}, refusal{"no_permission", "needs role:read; you have nothing"}},
		{"two missing", by(t, "nobody"), []string{"user:read", "user:view"}, refusal{"no_permission", "needs user:read or user:view; you have nothing"}},
		{"expired", by(t, "late"), []string{"conversation:assign"}, refusal{"assignment_expired", "needs conversation:assign; you have nothing"}},
		{"role deactivated", by(t, "pensioner"), []string{"role:read", "conversation:assign"}, refusal{"role_inactive", "needs conversation:assign; you have nothing"}},
		{"user disabled", by(t, "gone"), []string{"role:read"}, refusal{"subject_inactive", "needs role:read; you have nothing"}},
		{"tenant suspended", by(t, "writer", suspended), []string{"conversation:assign"}, refusal{"tenant_suspended", "needs conversation:assign; you have nothing"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, refusalOf(c.by.May(c.permissions...))); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

// The platform's people share operations with tenants that have other things than the platform.
func TestWhatTheTenantDoesNotHaveIsHeldByNobody(t *testing.T) {
	chief := by(t, "writer")
	platform, err := access.Compile(access.Platform(), access.Tenant{ID: "platform", Users: []access.User{{
		ID: "root", Active: true, PermissionList: []access.Permission{{Resource: "*", Action: "*", Scope: access.All}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	root, _ := platform.Subject("root")
	chief.Tenant, chief.User, chief.Subject, chief.Catalogue = "platform", "root", root, platform.Catalogue()

	if got := refusalOf(chief.May("conversation:assign")); got.Code != "no_permission" {
		t.Errorf("May: %v, want no_permission", got)
	}
	object := conversation("")
	object.Tenant = "platform"
	if got := refusalOf(chief.Require("conversation:assign", object)); got.Code != "not_found" {
		t.Errorf("Require: %v, want not_found", got)
	}
	filter, err := chief.Filter("conversation:assign")
	if err != nil || !filter.Nothing() {
		t.Errorf("Filter: %+v, %v; want nothing", filter, err)
	}
	if err := chief.May("tenant:read"); err != nil {
		t.Errorf("May tenant:read: %v", err)
	}
}

func TestPermissionThatNoCatalogueHasIsADefect(t *testing.T) {
	writer := by(t, "writer")
	_, filter := writer.Filter("spaceship:launch")
	for what, err := range map[string]error{
		"May":           writer.May("spaceship:launch"),
		"May, no colon": writer.May("spaceship"),
		"Require":       writer.Require("conversation:lanch", conversation("agent")),
		"RequireNew":    writer.RequireNew("conversation:lanch", conversation("agent")),
		"Filter":        filter,
	} {
		if err == nil {
			t.Errorf("%s: allowed", what)
		} else if code := fault.From(err).Code; code.Kind == fault.Forbidden {
			t.Errorf("%s: %v, want a defect that somebody will look into", what, err)
		}
	}
}

func TestFilterCoversWhatRequireAllows(t *testing.T) {
	objects := []*access.Object{
		conversation(""), conversation("agent"), conversation("lead"), conversation("agent", "sales"),
		conversation("lead", "printers"), conversation("", "sales"),
	}
	for _, id := range []string{"agent", "lead", "reader", "writer", "late", "pensioner", "nobody", "gone"} {
		who := by(t, id)
		filter, err := who.Filter("conversation:read")
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			if covers, allowed := filter.Covers(o), who.Require("conversation:read", o) == nil; covers != allowed {
				t.Errorf("%s and %v: the list shows it: %t, Require allows it: %t", id, *o, covers, allowed)
			}
		}
	}
}

func TestDecidedIsThePermissionThatDecidedLast(t *testing.T) {
	who := by(t, "lead")
	steps := []struct {
		ask  func() error
		want string
	}{
		{func() error { return nil }, ""},
		{func() error { return who.May() }, ""},
		{func() error { return who.May("role:read", "conversation:assign") }, "conversation:assign"},
		{func() error { return who.Require("conversation:assign", conversation("agent", "printers")) }, "conversation:assign:department"},
		{func() error { return who.Require("conversation:assign", conversation("agent", "sales")) }, "conversation:assign"},
		{func() error { return who.May("role:read", "role:update") }, "role:read"},
	}
	for i, step := range steps {
		_ = step.ask() // refusals decide too
		if got := who.Decided(); got != step.want {
			t.Errorf("after step %d: %q, want %q", i, got, step.want)
		}
	}
}

func TestRenewDecidesByTheNewSubject(t *testing.T) {
	who := by(t, "nobody")
	who.Renew(by(t, "writer").Subject, 7)
	if err := who.May("conversation:assign"); err != nil || who.Policy != 7 {
		t.Errorf("policy %d: %v", who.Policy, err)
	}
}

func TestMustPanicsWhereNobodyIsAuthenticated(t *testing.T) {
	who := by(t, "agent")
	if got := caller.Must(caller.With(t.Context(), who)); got != who {
		t.Errorf("Must returned %v", got)
	}
	if got := caller.From(t.Context()); got != nil {
		t.Errorf("From a bare context: %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("an operation that demands a caller ran without one")
		}
	}()
	caller.Must(context.Background())
}
