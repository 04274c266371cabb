package access_test

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
)

var (
	readConversation = access.BuiltIn().MustOperation("conversation", "read")
	takeConversation = access.BuiltIn().MustOperation("conversation", "take")
)

// Half-said questions are denied, whoever asks.
func TestHalfSaidQuestionsAreDenied(t *testing.T) {
	s := compiled()
	for _, id := range []string{"admin", "agent", "listed"} {
		who := subject(s, id)
		for name, o := range map[string]*access.Object{
			"nil":              nil,
			"no tenant":        {Resource: "conversation", Assignable: true},
			"no resource":      {Tenant: "acme", Assignable: true},
			"another resource": {Tenant: "acme", Resource: "agent", Owners: []string{id}, Departments: []string{"it"}},
		} {
			if d := who.Check(readConversation, o, noon); d.Allow || d.Reason == "" {
				t.Errorf("%s, %s: %+v", id, name, d)
			}
			if e := who.Explain(readConversation, o, noon); e.Allow || e.Needs != 0 {
				t.Errorf("%s, %s: explained %+v", id, name, e)
			}
			if who.Filter(readConversation, noon).Covers(o) {
				t.Errorf("%s, %s: filtered in", id, name)
			}
		}
		if who.Check(access.Operation{}, conversation(), noon).Allow || who.Explain(access.Operation{}, conversation(), noon).Allow {
			t.Errorf("%s: the zero operation is allowed", id)
		}
		if who.Holds(access.Operation{}, access.Own, noon) || who.Holds(readConversation, 0, noon) || who.Holds(readConversation, 77, noon) {
			t.Errorf("%s: holds nothing in particular", id)
		}
	}
}

func TestTheZeroSubjectHoldsNothing(t *testing.T) {
	var nobody access.Subject
	if d := nobody.Check(readConversation, conversation(), noon); d.Allow || d.Reason != access.SubjectInactive {
		t.Errorf("%+v", d)
	}
	if e := nobody.Explain(readConversation, conversation(), noon); e.Allow || e.Have != nil {
		t.Errorf("%+v", e)
	}
	if nobody.Holds(readConversation, access.Own, noon) || !nobody.Filter(readConversation, noon).Nothing() {
		t.Error("the zero subject holds something")
	}
	if nobody.Grants(noon) != nil || nobody.PotentialGrants() != nil || len(nobody.Permissions(noon)) > 0 || nobody.ID() != "" {
		t.Error("the zero subject has something")
	}
	if (access.Filter{}).Covers(&access.Object{}) {
		t.Error("the zero filter covers something")
	}
}

// An assignment grants nothing from its very instant of expiry on, wherever on
// Earth the clock hangs, nor for a caller who forgot to say when it is.
func TestExpiryIsAnInstant(t *testing.T) {
	s := compiled(func(t *access.Tenant) { user(t, "agent").Assignments[0].ExpiresAt = noon })
	shanghai := time.FixedZone("CST", 8*60*60)
	for at, want := range map[time.Time]bool{
		noon.Add(-1):              true,
		noon.Add(-1).In(shanghai): true,
		noon:                      false,
		noon.In(shanghai):         false,
		noon.Add(1):               false,
		{}:                        false,
	} {
		if got := subject(s, "agent").Holds(takeConversation, access.Unassigned, at); got != want {
			t.Errorf("at %v: %t", at, got)
		}
	}
}

func TestReasonsComeInTheirOrder(t *testing.T) {
	elsewhere := conversation()
	elsewhere.Tenant = "other"
	suspend := func(t *access.Tenant) { t.Suspended = true }
	disable := func(t *access.Tenant) { user(t, "guest").Active = false }
	remove := access.BuiltIn().MustOperation("conversation", "delete")
	export := access.BuiltIn().MustOperation("conversation", "export")
	for _, test := range []struct {
		name string
		s    *access.Snapshot
		op   access.Operation
		o    *access.Object
		want access.Reason
	}{
		{"suspended before inactive", compiled(suspend, disable), readConversation, elsewhere, access.TenantSuspended},
		{"inactive before elsewhere", compiled(disable), readConversation, elsewhere, access.SubjectInactive},
		{"elsewhere", compiled(), remove, elsewhere, access.OtherTenant},
		{"inactive role", compiled(), remove, conversation(), access.RoleInactive},
		{"expired", compiled(), takeConversation, conversation(), access.AssignmentExpired},
		{"inactive role that would not cover", compiled(), export, conversation("it"), access.NoPermission},
		{"inactive role that would", compiled(), export, conversation("hr"), access.RoleInactive},
		{"expired before out of scope", compiled(), readConversation, conversation("hr"), access.AssignmentExpired},
		{"allowed through the narrowed assignment", compiled(), readConversation, conversation("it-network"), ""},
	} {
		if got := subject(test.s, "guest").Check(test.op, test.o, noon).Reason; got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// With a list of their own, a user's roles neither grant nor explain.
func TestAListReplacesTheRoles(t *testing.T) {
	s := compiled()
	listed := subject(s, "listed")
	if d := listed.Check(takeConversation, conversation("it"), noon); d.Reason != access.NoPermission {
		t.Errorf("%+v", d)
	}
	if e := listed.Explain(readConversation, conversation("it-printers"), noon); !slices.Equal(e.By, []string{"permissions"}) {
		t.Errorf("%+v", e)
	}
	if e := listed.Explain(readConversation, conversation("hr"), noon); e.Reason != access.OutOfScope || e.Needs != access.Unassigned {
		t.Errorf("%+v", e)
	}
	emptied := compiled(func(t *access.Tenant) { user(t, "admin").PermissionList = []access.Permission{} })
	if d := subject(emptied, "admin").Check(readConversation, conversation(), noon); d.Reason != access.NoPermission {
		t.Errorf("an empty list: %+v", d)
	}
}

func TestExplainTellsTheHighestScopes(t *testing.T) {
	s := compiled(func(t *access.Tenant) {
		user(t, "agent").Assignments = append(user(t, "agent").Assignments, access.Assignment{ID: "b", Role: "lead"})
	})
	o := conversation("hr")
	o.Assignee = "lead"
	e := subject(s, "agent").Explain(readConversation, o, noon)
	if !slices.Equal(e.Have, []access.Scope{access.Unassigned, access.Departmental}) || e.Needs != access.All {
		t.Errorf("%+v", e)
	}
}

func TestFilterNamesItsParts(t *testing.T) {
	s := compiled()
	for id, want := range map[string]access.Filter{
		"admin": {Everything: true},
		"agent": {Owner: true, Assignee: true, Unassigned: true},
		"chief": {Owner: true, Assignee: true, Departments: []string{"it", "it-desktop", "it-network", "it-printers"}},
		"guest": {Owner: true, Assignee: true, Departments: []string{"it-network"}},
		"gone":  {},
	} {
		got := subject(s, id).Filter(readConversation, noon)
		if got.Tenant != "acme" || got.Resource != "conversation" || got.Subject != id {
			t.Errorf("%s: %+v", id, got)
		}
		if got.Everything != want.Everything || got.Owner != want.Owner || got.Assignee != want.Assignee ||
			got.Unassigned != want.Unassigned || !slices.Equal(got.Departments, want.Departments) {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	update := subject(s, "admin").Snapshot().Catalogue().MustOperation("conversation", "update")
	own := compiled(func(t *access.Tenant) {
		user(t, "agent").PermissionList = []access.Permission{update.At(access.Own), takeConversation.At(access.Own)}
	})
	if f := subject(own, "agent").Filter(update, noon); f.Owner || !f.Assignee {
		t.Errorf("update counts the assignee alone: %+v", f)
	}
	if f := subject(own, "agent").Filter(takeConversation, noon); !f.Nothing() {
		t.Errorf("take counts neither owner nor assignee: %+v", f)
	}
}

func TestQuestionsAllocateNothing(t *testing.T) {
	s := compiled()
	var book access.Book
	book.Put(s)
	o := conversation("it-printers")
	o.Owners, o.Assignee = []string{"stranger", "lead"}, "agent"
	for _, who := range s.Subjects() {
		filter := who.Filter(readConversation, noon)
		for name, ask := range map[string]func(){
			"check":          func() { who.Check(readConversation, o, noon) },
			"holds":          func() { who.Holds(readConversation, access.Departmental, noon) },
			"filter.covers":  func() { filter.Covers(o) },
			"check by names": func() { _, _ = book.Check("acme", who.ID(), "conversation", "read", o, noon) },
			"holds by names": func() { _, _ = book.Holds("acme", who.ID(), "conversation", "read", "", noon) },
		} {
			if n := testing.AllocsPerRun(100, ask); n != 0 {
				t.Errorf("%s of %s: %v allocations", name, who.ID(), n)
			}
		}
	}
}
