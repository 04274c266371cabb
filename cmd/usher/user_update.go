package main

import (
	"context"
	"errors"
	"net/http"
)

type userUpdateCommand struct {
	oneUserFlags  `embed:""`
	Username      *string  `env:"-" help:"What they sign in with from now on."`
	Name          *string  `env:"-" help:"Full name."`
	Email         *string  `env:"-" help:"E-mail address; empty for none."`
	Phone         *string  `env:"-" help:"Phone number; empty for none."`
	Locale        *string  `env:"-" help:"Language: zh-CN or en."`
	Departments   []string `name:"department" env:"-" xor:"departments" placeholder:"ID" help:"Departments they are in, in place of those they are in now."`
	NoDepartments bool     `env:"-" xor:"departments" help:"Take them out of every department."`
}

// Help is the example that --help shows.
func (userUpdateCommand) Help() string {
	return `What is not given stays as it is. Roles are given and taken by usher user roles.

` + howReached + `

Examples:

  usher user update --data /var/lib/usher --tenant acme --name "Zhou Min" --phone "" zhou
  usher user update --data /var/lib/usher --tenant acme --username zhou.min zhou`
}

// change is what was given, by member.
func (c userUpdateCommand) change() map[string]any {
	change := map[string]any{}
	for member, value := range map[string]*string{"username": c.Username, "name": c.Name, "email": c.Email, "phone": c.Phone, "locale": c.Locale} {
		if value != nil {
			change[member] = *value
		}
	}
	if len(c.Departments) > 0 || c.NoDepartments {
		change["departments"] = append([]string{}, c.Departments...)
	}
	return change
}

// Run changes what was given, of the user as they stand.
func (c userUpdateCommand) Run(ctx context.Context, std streams) error {
	change := c.change()
	if len(change) == 0 {
		return errUsage{errors.New("say what to change: --username, --name, --email, --phone, --locale, --department or --no-departments")}
	}
	return c.onVersion(ctx, std, http.MethodPatch, change, shows(std))
}

type userDeleteCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userDeleteCommand) Help() string {
	return `For good: their sessions end, and nobody gets their id again. Whoever has done something at the desk is refused, as is the last administrator who can sign in: usher user disable keeps somebody out, and what they did keeps its name.

` + howReached + `

Example:

  usher user delete --data /var/lib/usher --tenant acme zhou`
}

// Run deletes the user.
func (c userDeleteCommand) Run(ctx context.Context, std streams) error {
	return c.onVersion(ctx, std, http.MethodDelete, nil, says(std, "%s is deleted."))
}
