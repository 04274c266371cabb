package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

type accessExplainCommand struct {
	inTenantFlags `embed:""`
	Object        string   `env:"-" placeholder:"ID" help:"Id of the object; absent: one that is about to exist."`
	Owners        []string `name:"owner" env:"-" placeholder:"USER" help:"Whom the object belongs to: the requester of a conversation."`
	Assignee      string   `env:"-" placeholder:"USER" help:"Who works on it."`
	Assignable    bool     `env:"-" help:"It can have an assignee, and has none."`
	Departments   []string `name:"department" env:"-" placeholder:"ID" help:"Departments that the object is in."`
	User          string   `arg:"" help:"Who is asked about: username or id."`
	Operation     string   `arg:"" placeholder:"RESOURCE:ACTION" help:"What they would do, as in conversation:assign."`
}

// Help is the example that --help shows.
func (accessExplainCommand) Help() string {
	return `Says whether somebody may do something, through which roles, and if not, why and what would have helped. The object is described by the flags; what they leave out counts as absent. The answer is that of POST /v1/access/explain. The exit code is 0 whether they may or not; programs read "allow" of --json.

` + howReached + `

Examples:

  usher access explain --data /var/lib/usher --tenant acme zhou role:update
  usher access explain --data /var/lib/usher --tenant acme --owner li --assignee zhou zhou conversation:transfer`
}

// explanation is the answer.
type explanation struct {
	Allow         bool
	By, Have      []string
	Reason, Needs string
}

// Run prints the explanation.
func (c accessExplainCommand) Run(ctx context.Context, std streams) error {
	resource, action, both := strings.Cut(c.Operation, ":")
	if !both || strings.Contains(action, ":") {
		return errUsage{fmt.Errorf("%q: expected resource:action, as in conversation:assign", c.Operation)}
	}
	if c.Assignable && c.Assignee != "" {
		return errUsage{errors.New("--assignable is for what has no --assignee")}
	}
	return c.on(ctx, std, c.Tenant, func(m *machine) error {
		u, err := m.userNamed(ctx, c.User)
		if err != nil {
			return err
		}
		object, err := c.object(ctx, m, resource)
		if err != nil {
			return err
		}
		body := map[string]any{"subject": u.ID, "action": action, "object": object}
		answer, _, err := m.ask(ctx, question{method: http.MethodPost, path: "/v1/access/explain", body: body})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error { return c.inWords(std, u, answer) })
	})
}

// object describes what it is about, with people by their ids.
func (c accessExplainCommand) object(ctx context.Context, m *machine, resource string) (map[string]any, error) {
	object := map[string]any{"resource": resource, "assignable": c.Assignable || c.Assignee != ""}
	if c.Object != "" {
		object["id"] = c.Object
	}
	if len(c.Departments) > 0 {
		object["departments"] = c.Departments
	}
	var owners []string
	for _, name := range c.Owners {
		u, err := m.userNamed(ctx, name)
		if err != nil {
			return nil, err
		}
		owners = append(owners, u.ID)
	}
	if owners != nil {
		object["owners"] = owners
	}
	if c.Assignee != "" {
		u, err := m.userNamed(ctx, c.Assignee)
		if err != nil {
			return nil, err
		}
		object["assignee"] = u.ID
	}
	return object, nil
}

func (c accessExplainCommand) inWords(std streams, u userShown, answer json.RawMessage) error {
	e, err := decoded[explanation](answer)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s %s\n", u.Username, e.words(c.Operation))
	return err
}

// words tells an explanation as the end of a sentence about the user.
func (e explanation) words(operation string) string {
	if e.Allow {
		return fmt.Sprintf("may %s: %s.", operation, throughWhat(e.By))
	}
	why := map[string]string{
		"no_permission":      "nothing that they hold grants it",
		"out_of_scope":       "what they hold does not reach this object",
		"role_inactive":      "the role that would allow it is deactivated",
		"assignment_expired": "the assignment that allowed it has expired",
		"subject_inactive":   "they are disabled",
		"tenant_suspended":   "the tenant is suspended",
		"other_tenant":       "the object belongs to another tenant",
	}[e.Reason]
	text := fmt.Sprintf("may not %s: %s (%s).", operation, why, e.Reason)
	if len(e.Have) > 0 {
		text += fmt.Sprintf(" They hold it at %s.", strings.Join(e.Have, " and "))
	}
	if e.Needs != "" {
		text += fmt.Sprintf(" It needs %s.", e.Needs)
	}
	return text
}

// throughWhat names the roles that allow, or the list.
func throughWhat(by []string) string {
	switch {
	case len(by) == 1 && by[0] == "permissions":
		return "by their own permission list"
	case len(by) == 1:
		return "by the role " + by[0]
	}
	return "by the roles " + strings.Join(by, ", ")
}
