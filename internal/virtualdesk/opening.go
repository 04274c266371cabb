package virtualdesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The roles that a tenant's people may have, the first that there is of each.
var (
	leadRoles    = []string{"team_lead", "supervisor"}
	auditorRoles = []string{"auditor", "qa_manager"}
)

const agentRole = "agent"

// When dispatch looks further for those who wait, in seconds: soon, so that a short run sees it.
var passes = struct{ relax, overflow, open int }{5, 10, 20}

// open signs the administrator in, makes everything that the desk needs and brings its people to work.
func (d *desk) open(ctx context.Context) error {
	if err := d.admin.signIn(ctx); err != nil {
		return err
	}
	if err := d.checkEmpty(ctx); err != nil {
		return err
	}
	roles, err := d.roles(ctx)
	if err != nil {
		return err
	}
	if err := d.furnish(ctx); err != nil {
		return err
	}
	if err := d.hire(ctx, roles); err != nil {
		return err
	}
	d.tell("made a lead, an auditor, %d agents and %d requesters, all named virtual-%s-…", len(d.agents), len(d.requesters), d.run)
	for _, p := range d.everybody() {
		p.connect()
	}
	return each(d.agents, func(a *agent) error { return a.becomes(ctx, "online") })
}

// checkEmpty refuses a tenant that people work in, when it is told to.
func (d *desk) checkEmpty(ctx context.Context) error {
	if !d.config.MustBeEmpty {
		return nil
	}
	var got page
	if err := d.admin.insist(ctx, request{method: "GET", path: "/v1/conversations?limit=1", into: &got}); err != nil {
		return err
	}
	if len(got.Items) > 0 {
		return ErrNotEmpty
	}
	return nil
}

// cast are the names of the roles that the people of the desk have.
type cast struct{ lead, auditor string }

// roles finds them. A tenant without them is not one of a desk.
func (d *desk) roles(ctx context.Context) (c cast, err error) {
	items, err := d.admin.list(ctx, "/v1/roles", nil)
	if err != nil {
		return c, err
	}
	var names []string
	for _, item := range items {
		var role struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal(item, &role); err != nil {
			return c, err
		}
		names = append(names, role.Name)
	}
	first := func(of []string) string {
		for _, name := range of {
			if slices.Contains(names, name) {
				return name
			}
		}
		return ""
	}
	c = cast{first(leadRoles), first(auditorRoles)}
	if c.lead == "" || c.auditor == "" || !slices.Contains(names, agentRole) {
		return c, errors.New("the tenant has no roles of a desk: it needs one made from the preset it-desk")
	}
	return c, nil
}

// skill is a kind of help, and who gives it.
type skill struct{ ID, department string }

// furnish makes departments and skills: two departments where there is work for two, of which each helps
// the other out, and the skills by turns.
func (d *desk) furnish(ctx context.Context) error {
	var departments []string
	for n := range min(2, d.config.Agents, d.config.Skills) {
		id, err := d.make(ctx, "/v1/departments", map[string]any{"name": d.named(fmt.Sprintf("line %d", n+1))})
		if err != nil {
			return err
		}
		departments = append(departments, id)
		d.departments[id] = true
	}
	for n := range d.config.Skills {
		department, other := departments[n%len(departments)], departments[(n+1)%len(departments)]
		id, err := d.make(ctx, "/v1/skills", map[string]any{
			"name": d.named(fmt.Sprintf("skill %d", n+1)), "department": department, "fallback_department": other,
			"relax_seconds": passes.relax, "overflow_seconds": passes.overflow, "open_seconds": passes.open,
		})
		if err != nil {
			return err
		}
		d.skills = append(d.skills, skill{id, department})
	}
	return nil
}

// named is a name that says whose it is.
func (d *desk) named(what string) string { return "virtual " + d.run + " " + what }

// make makes something that has an id, and remembers that it is to be taken away.
func (d *desk) make(ctx context.Context, path string, body any) (id string, err error) {
	var got struct {
		ID string `json:"id"`
	}
	d.making.Lock() // one at a time: so does the server where access changes, and the list is not to be mixed up
	defer d.making.Unlock()
	err = d.admin.do(ctx, request{method: "POST", path: path, body: body, into: &got})
	if err == nil {
		d.cleanUps = append(d.cleanUps, cleanUp{path, got.ID})
	}
	return got.ID, err
}
