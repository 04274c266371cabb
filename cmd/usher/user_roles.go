package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

type userRolesCommands struct {
	Show userRolesShowCommand `cmd:"" help:"Show which roles a user has."`
	Give userRolesGiveCommand `cmd:"" help:"Give a user roles."`
	Take userRolesTakeCommand `cmd:"" help:"Take roles from a user."`
}

type userRolesShowCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userRolesShowCommand) Help() string {
	return howReached + `

Example:

  usher user roles show --data /var/lib/usher --tenant acme zhou`
}

// Run prints a line for each role.
func (c userRolesShowCommand) Run(ctx context.Context, std streams) error {
	return c.onUser(ctx, std, http.MethodGet, "/v1/users/%s/roles", func(_ userShown, answer json.RawMessage) error {
		held, err := decoded[struct {
			Roles []struct {
				Role        string
				ExpiresAt   *time.Time `json:"expires_at"`
				Departments *[]string
			}
			PermissionList *[]string `json:"permission_list"`
		}](answer)
		if err != nil {
			return err
		}
		shown := newTable(std.out, "ROLE", "UNTIL", "DEPARTMENTS")
		for _, r := range held.Roles {
			where := "the user's"
			if r.Departments != nil {
				where = strings.Join(*r.Departments, ", ")
			}
			shown.row(r.Role, moment(r.ExpiresAt), where)
		}
		if held.PermissionList != nil {
			fmt.Fprintln(std.err, "A permission list applies in the place of these roles.")
		}
		return shown.Flush()
	})
}

type userRolesGiveCommand struct {
	inTenantFlags `embed:""`
	Until         *time.Time `env:"-" placeholder:"TIME" help:"From this moment on they grant nothing, as in 2026-12-24T18:00:00+08:00 (default: never)."`
	Departments   []string   `name:"department" env:"-" placeholder:"ID" help:"Departments that the roles reach (default: the user's own)."`
	User          string     `arg:"" help:"Username or id."`
	Roles         []string   `arg:"" help:"Names of roles."`
}

// Help is the example that --help shows.
func (userRolesGiveCommand) Help() string {
	return `Exclusions and the other guard rails hold as they do for everybody.

` + howReached + `

Examples:

  usher user roles give --data /var/lib/usher --tenant acme zhou agent
  usher user roles give --data /var/lib/usher --tenant acme --until 2026-12-24T18:00:00+08:00 zhou supervisor`
}

// Run gives the roles, all of them or none.
func (c userRolesGiveCommand) Run(ctx context.Context, std streams) error {
	entries := make([]map[string]any, len(c.Roles))
	for i, role := range c.Roles {
		entries[i] = map[string]any{"role": role}
		if c.Until != nil {
			entries[i]["expires_at"] = c.Until
		}
		if len(c.Departments) > 0 {
			entries[i]["departments"] = c.Departments
		}
	}
	return c.change(ctx, std, c.User, "give", entries)
}

type userRolesTakeCommand struct {
	inTenantFlags `embed:""`
	User          string   `arg:"" help:"Username or id."`
	Roles         []string `arg:"" help:"Names of roles: every assignment of them goes."`
}

// Help is the example that --help shows.
func (userRolesTakeCommand) Help() string {
	return `One administrator who can sign in always remains.

` + howReached + `

Example:

  usher user roles take --data /var/lib/usher --tenant acme zhou admin`
}

// Run takes the roles, all of them or none.
func (c userRolesTakeCommand) Run(ctx context.Context, std streams) error {
	return c.change(ctx, std, c.User, "take", c.Roles)
}

// change gives or takes roles, and tells whether that made a difference.
func (f inTenantFlags) change(ctx context.Context, std streams, user, how string, roles any) error {
	return f.on(ctx, std, f.Tenant, func(m *machine) error {
		u, err := m.userNamed(ctx, user)
		if err != nil {
			return err
		}
		answer, _, err := m.ask(ctx, question{method: http.MethodPost, path: "/v1/users/roles", body: map[string]any{"users": []string{u.ID}, how: roles}})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error {
			sentence := "%s has other roles now.\n"
			if done, err := decoded[struct{ Changed int }](answer); err != nil || done.Changed == 0 {
				sentence = "%s has the roles that they had.\n"
			}
			_, err := fmt.Fprintf(std.out, sentence, u.Username)
			return err
		})
	})
}
