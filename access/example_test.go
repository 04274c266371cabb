package access_test

import (
	"fmt"
	"time"

	"github.com/usher-desk/usher/access"
)

// A tenant is plain data; compiled, it answers questions.
func Example() {
	tenant := access.Tenant{
		ID:          "acme",
		Departments: []access.Department{{ID: "it"}, {ID: "it-desktop", Parent: "it"}},
		Roles: []access.Role{{Name: "lead", Active: true, Permissions: []access.Permission{
			access.MustParse("conversation:assign:department"),
		}}},
		Users: []access.User{{
			ID: "li", Active: true, Departments: []string{"it"},
			Assignments: []access.Assignment{{Role: "lead"}},
		}},
	}
	snapshot, err := access.Compile(access.BuiltIn(), tenant)
	if err != nil {
		fmt.Println(err)
		return
	}
	assign := access.BuiltIn().MustOperation("conversation", "assign")
	li, _ := snapshot.Subject("li")
	broken := &access.Object{Tenant: "acme", Resource: "conversation", ID: "c1", Departments: []string{"it-desktop"}}
	payroll := &access.Object{Tenant: "acme", Resource: "conversation", ID: "c2", Departments: []string{"hr"}}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

	fmt.Println(li.Check(assign, broken, now).Allow, li.Explain(assign, broken, now).By)
	denied := li.Explain(assign, payroll, now)
	fmt.Println(denied.Allow, denied.Reason, "needs", denied.Needs, "has", denied.Have)
	// Output:
	// true [lead]
	// false out_of_scope needs all has [department]
}

func ExampleParse() {
	for _, s := range []string{"call:barge", "resume:all:own", "*", "call:Barge", "*:read"} {
		p, err := access.Parse(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(p)
	}
	// Output:
	// call:barge:all
	// resume:*:own
	// *:*:all
	// permission "call:Barge": at position 5: expected a lower-case letter or "*"
	// permission "*:read": at position 2: expected "*:*:all", because a narrower wildcard would silently take in every resource added later
}

func ExampleCatalogue_Canonical() {
	p, _ := access.BuiltIn().Canonical("report:view")
	fmt.Println(p)
	_, err := access.BuiltIn().Canonical("conversation:asign")
	fmt.Println(err)
	// Output:
	// report:read:all
	// unknown action "asign" of conversation; did you mean assign?
}

// A filter is the WHERE clause of whoever asks.
func ExampleSubject_Filter() {
	s := compiled()
	li, _ := s.Subject("lead")
	f := li.Filter(access.BuiltIn().MustOperation("conversation", "read"), noon)
	fmt.Println(f.Everything, f.Owner, f.Assignee, f.Unassigned, f.Departments)
	// Output: false true true false [it-desktop it-printers]
}

// What a change of policy does is known before it is made.
func ExamplePreview() {
	before := compiled()
	agent, _ := before.Role("agent")
	agent.Active = false
	after, _ := before.With(access.Change{Roles: []access.Role{agent}})
	for _, d := range access.Preview(before, after, noon) {
		fmt.Println(d.Subject, "loses", d.Lost)
	}
	// Output: agent loses [conversation:read:own conversation:read:unassigned conversation:take:unassigned]
}

// Nobody grants what they do not hold.
func ExampleSubject_Lacks() {
	s := compiled()
	chief, _ := s.Subject("chief")
	for _, g := range chief.Lacks(s.RoleGrants("agent"), noon) {
		fmt.Println(g)
	}
	// Output:
	// conversation:read:unassigned
	// conversation:take:unassigned
}
