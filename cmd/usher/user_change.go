package main

import (
	"context"
	"net/http"
)

type userCreateCommand struct {
	inTenantFlags `embed:""`
	Name          string   `env:"-" help:"Full name (default: the username)."`
	Email         string   `env:"-" help:"E-mail address."`
	Phone         string   `env:"-" help:"Phone number."`
	Locale        string   `env:"-" help:"Language, zh-CN or en (default: the tenant's)."`
	Departments   []string `name:"department" env:"-" placeholder:"ID" help:"Departments they are in."`
	Roles         []string `name:"role" env:"-" placeholder:"NAME" help:"Roles they get (default: the one that the tenant gives new users)."`
	Username      string   `arg:"" help:"What they sign in with."`
}

// Help is the example that --help shows.
func (userCreateCommand) Help() string {
	return `The user has no password yet: usher user link prints a link by which they choose one.

` + howReached + `

Examples:

  usher user create --data /var/lib/usher --tenant acme --name "Zhou Min" zhou
  usher user create --data /var/lib/usher --tenant acme --role agent --role auditor li`
}

// Run shows who was made.
func (c userCreateCommand) Run(ctx context.Context, std streams) error {
	body := map[string]any{"username": c.Username}
	for member, value := range map[string]string{"name": c.Name, "email": c.Email, "phone": c.Phone, "locale": c.Locale} {
		if value != "" {
			body[member] = value
		}
	}
	for member, list := range map[string][]string{"departments": c.Departments, "roles": c.Roles} {
		if len(list) > 0 {
			body[member] = list
		}
	}
	return c.on(ctx, std, c.Tenant, func(m *machine) error {
		answer, _, err := m.ask(ctx, question{method: http.MethodPost, path: "/v1/users", body: body})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error { return tellUser(std, answer) })
	})
}

type userDisableCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userDisableCommand) Help() string {
	return `Their sessions and links end for good. The last administrator who can sign in is not disabled.

` + howReached + `

Example:

  usher user disable --data /var/lib/usher --tenant acme zhou`
}

// Run disables the user.
func (c userDisableCommand) Run(ctx context.Context, std streams) error {
	return c.onUser(ctx, std, http.MethodPost, "/v1/users/%s/disable", says(std, "%s is disabled, and signed out everywhere."))
}

type userEnableCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userEnableCommand) Help() string {
	return howReached + `

Example:

  usher user enable --data /var/lib/usher --tenant acme zhou`
}

// Run enables the user.
func (c userEnableCommand) Run(ctx context.Context, std streams) error {
	return c.onUser(ctx, std, http.MethodPost, "/v1/users/%s/enable", says(std, "%s may sign in."))
}

type userSignOutCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userSignOutCommand) Help() string {
	return howReached + `

Example:

  usher user sign-out --data /var/lib/usher --tenant acme zhou`
}

// Run ends the sessions of the user.
func (c userSignOutCommand) Run(ctx context.Context, std streams) error {
	return c.onUser(ctx, std, http.MethodDelete, "/v1/users/%s/sessions", says(std, "%s is signed out everywhere."))
}

type userResetFactorCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userResetFactorCommand) Help() string {
	return `For somebody who has lost both the authenticator and the recovery codes. Their password stays; who must have a second factor sets up another at the next sign-in. An administrator whom nobody else can help: usher recover-admin.

` + howReached + `

Example:

  usher user reset-second-factor --data /var/lib/usher --tenant acme zhou`
}

// Run takes the second factor away.
func (c userResetFactorCommand) Run(ctx context.Context, std streams) error {
	return c.onUser(ctx, std, http.MethodPost, "/v1/users/%s/second-factor/reset", says(std, "%s has no second factor now, and is signed out everywhere."))
}
