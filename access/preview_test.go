package access_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
)

// preview tells what a change of the office does, a line for each subject.
func preview(change func(t *access.Tenant)) []string {
	lines := []string{}
	for _, d := range access.Preview(compiled(), compiled(change), noon) {
		lines = append(lines, fmt.Sprint(d.Subject, " +", d.Gained, " -", d.Lost, " +", d.ReachGained, " -", d.ReachLost))
	}
	return lines
}

func TestPreviewTellsReach(t *testing.T) {
	same(t, "nothing", preview(func(*access.Tenant) {}))
	same(t, "a parent", preview(func(t *access.Tenant) { t.Departments[4].Parent = "hr" }),
		"chief +[] -[] +[] -[{conversation:read:department [it-printers]} {queue:read:department [it-printers]}]",
		"lead +[] -[] +[] -[{conversation:read:department [it-printers]} {queue:read:department [it-printers]}]",
		"listed +[] -[] +[] -[{conversation:read:department [it-printers]}]")
	same(t, "a user's departments", preview(func(t *access.Tenant) { user(t, "lead").Departments = []string{"it-printers", "hr"} }),
		"lead +[] -[] +[{conversation:read:department [hr]} {queue:read:department [hr]}] -[{conversation:read:department [it-desktop]} {queue:read:department [it-desktop]}]")
	same(t, "an assignment's departments", preview(func(t *access.Tenant) { user(t, "guest").Assignments[0].Departments = []string{} }),
		"guest +[] -[] +[] -[{conversation:read:department [it-network]} {queue:read:department [it-network]}]")
	same(t, "departments of somebody without department scopes", preview(func(t *access.Tenant) { user(t, "agent").Departments = nil }))
	same(t, "enabling", preview(func(t *access.Tenant) { user(t, "gone").Active = true }), "gone +[*:*:all] -[] +[] -[]")
	same(t, "prolonging", preview(func(t *access.Tenant) { user(t, "guest").Assignments[1].ExpiresAt = noon.Add(time.Hour) }),
		"guest +[conversation:read:own conversation:read:unassigned conversation:take:unassigned] -[] +[] -[]")
}

func TestPreviewOfUsersWhoComeAndGo(t *testing.T) {
	all := access.Preview(nil, compiled(), noon)
	if len(all) != 6 || all[0].Subject != "admin" || len(all[0].Gained) != 1 {
		t.Errorf("%+v", all)
	}
	if none := access.Preview(compiled(), nil, noon); len(none) != 6 || len(none[0].Lost) != 1 {
		t.Errorf("%+v", none)
	}
}

// What a change brings into force is measured by what its author lacks, also
// where it reaches no department yet.
func TestGainedGrants(t *testing.T) {
	after := compiled(func(t *access.Tenant) {
		agent := user(t, "agent")
		agent.Assignments = append(agent.Assignments,
			access.Assignment{ID: "b", Role: "lead", Departments: []string{"it-network"}})
		t.Roles = append(t.Roles, access.Role{Name: "clerk", Active: true, Permissions: []access.Permission{access.MustParse("agent:read:department")}})
		user(t, "admin").Assignments = append(user(t, "admin").Assignments, access.Assignment{ID: "b", Role: "clerk"})
	})
	differences := access.Preview(compiled(), after, noon)
	if len(differences) != 2 {
		t.Fatalf("%+v", differences)
	}
	same(t, "admin", names(differences[0].GainedGrants()), " agent:read:department")
	same(t, "agent", names(differences[1].GainedGrants()), " user:view:all",
		" conversation:read:department [it-network]", " queue:read:department [it-network]")
	if lacking := subject(compiled(), "chief").Lacks(differences[1].GainedGrants(), noon); lacking != nil {
		t.Errorf("chief lacks %v", lacking)
	}
	if lacking := subject(compiled(), "lead").Lacks(differences[1].GainedGrants(), noon); len(lacking) != 2 {
		t.Errorf("lead lacks %v", lacking)
	}
}
