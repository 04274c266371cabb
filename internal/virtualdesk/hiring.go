package virtualdesk

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// hire makes the people of the desk as an administrator does: a user, a link with which they choose a
// password, and their first sign-in.
func (d *desk) hire(ctx context.Context, roles cast) error {
	departments := slices.Sorted(maps.Keys(d.departments))
	d.lead = &lead{person: d.newPerson(asLead, d.login("lead")), dice: d.dice(2)}
	d.auditor = d.newPerson(asAuditor, d.login("auditor"))
	places := []place{{d.lead.person, roles.lead, departments}, {d.auditor, roles.auditor, nil}}
	for n := range d.config.Agents {
		a := d.newAgent(n, departments)
		d.agents = append(d.agents, a)
		places = append(places, place{a.person, agentRole, []string{a.department}})
	}
	for n := range d.config.Requesters {
		p := d.newPerson(asRequester, d.login(fmt.Sprintf("requester-%d", n+1)))
		d.requesters = append(d.requesters, p)
		places = append(places, place{p, "", nil})
	}
	if err := each(places, func(h place) error { return d.employ(ctx, h) }); err != nil {
		return err
	}
	return each(d.agents, func(a *agent) error { return d.equip(ctx, a) })
}

// login chooses a name and a password for somebody new.
func (d *desk) login(name string) Login {
	return Login{Tenant: d.config.Admin.Tenant, Username: "virtual-" + d.run + "-" + name, Password: strings.ToLower(rand.Text())}
}

// place is what somebody new is given.
type place struct {
	person      *person
	role        string // besides the tenant's default one
	departments []string
}

// newAgent is one of the agents: of the departments by turns, and of their department's skills by turns, so
// that each skill is somebody's.
func (d *desk) newAgent(n int, departments []string) *agent {
	a := &agent{
		person: d.newPerson(asAgent, d.login(fmt.Sprintf("agent-%d", n+1))), dice: d.dice(uint64(100 + n)),
		skills: map[string]bool{}, limit: firstLimit + n%limits, department: departments[n%len(departments)],
	}
	var theirs []skill
	for _, s := range d.skills {
		if s.department == a.department {
			theirs = append(theirs, s)
		}
	}
	colleagues := (d.config.Agents + len(departments) - 1) / len(departments)
	each := 1 + len(theirs)/colleagues // one more than would do, so that somebody can stand in
	for i := range min(each, len(theirs)) {
		a.skills[theirs[(n/len(departments)+i*colleagues)%len(theirs)].ID] = true
	}
	return a
}

// employ makes the user, has them choose a password, and signs them in.
func (d *desk) employ(ctx context.Context, h place) error {
	body := map[string]any{"username": h.person.login.Username}
	if h.role != "" {
		body["roles"] = []string{h.role}
	}
	if h.departments != nil {
		body["departments"] = h.departments
	}
	id, err := d.make(ctx, "/v1/users", body)
	if err != nil {
		return err
	}
	var made struct {
		Link string `json:"link"`
	}
	if err := d.admin.do(ctx, request{method: "POST", path: "/v1/users/" + id + "/password-link", into: &made}); err != nil {
		return err
	}
	err = h.person.messenger.insist(ctx, request{method: "POST", path: "/v1/auth/links/redeem",
		body: map[string]string{"link": made.Link, "password": h.person.login.Password}})
	if err != nil {
		return err
	}
	h.person.sight = newSight(h.person)
	return h.person.signIn(ctx)
}

// equip gives an agent a limit and skills, as a supervisor does.
func (d *desk) equip(ctx context.Context, a *agent) error {
	return d.admin.do(ctx, request{method: "POST", path: "/v1/agents", body: map[string]any{
		"user": a.id, "max_load": a.limit, "skill_tags": slices.Sorted(maps.Keys(a.skills)),
	}})
}
