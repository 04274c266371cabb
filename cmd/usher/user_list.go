package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

type userListCommand struct {
	inTenantFlags `embed:""`
	Search        string `env:"-" placeholder:"TEXT" help:"Those with this in their name or username."`
	Role          string `env:"-" placeholder:"NAME" help:"Those who were given this role."`
	Department    string `env:"-" placeholder:"ID" help:"Those in this department or below it."`
	Active        string `env:"-" enum:",true,false" default:"" placeholder:"true|false" help:"Those who are active, or are not."`
}

// Help is the example that --help shows.
func (userListCommand) Help() string {
	return howReached + `

Examples:

  usher user list --data /var/lib/usher --tenant acme
  usher user list --data /var/lib/usher --tenant acme --role admin --json`
}

// Run prints a line for each user.
func (c userListCommand) Run(ctx context.Context, std streams) error {
	return c.on(ctx, std, c.Tenant, func(m *machine) error {
		query := url.Values{}
		for name, value := range map[string]string{"q": c.Search, "role": c.Role, "department": c.Department, "active": c.Active} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return m.list(ctx, "/v1/users", query, []string{"USERNAME", "NAME", "ACTIVE", "SECOND FACTOR", "ROLES IN FORCE"}, func(item json.RawMessage) ([]string, error) {
			u, err := decoded[userShown](item)
			return []string{u.Username, u.Name, yesOrNo(u.Active), yesOrNo(u.SecondFactor), strings.Join(u.Roles, ", ")}, err
		})
	})
}

type userShowCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userShowCommand) Help() string {
	return howReached + `

Example:

  usher user show --data /var/lib/usher --tenant acme zhou`
}

// Run prints what there is to know.
func (c userShowCommand) Run(ctx context.Context, std streams) error {
	return c.onUser(ctx, std, http.MethodGet, "/v1/users/%s", shows(std))
}

type userSessionsCommand struct {
	oneUserFlags `embed:""`
}

// Help is the example that --help shows.
func (userSessionsCommand) Help() string {
	return howReached + `

Example:

  usher user sessions --data /var/lib/usher --tenant acme zhou`
}

// Run prints a line for each session, the newest first.
func (c userSessionsCommand) Run(ctx context.Context, std streams) error {
	return c.on(ctx, std, c.Tenant, func(m *machine) error {
		u, err := m.userNamed(ctx, c.User)
		if err != nil {
			return err
		}
		return m.list(ctx, at("/v1/users/%s/sessions", u.ID), url.Values{}, []string{"BEGAN", "LAST SEEN", "ADDRESS", "BROWSER"}, func(item json.RawMessage) ([]string, error) {
			s, err := decoded[struct {
				CreatedAt  time.Time `json:"created_at"`
				LastSeenAt time.Time `json:"last_seen_at"`
				Address    string
				UserAgent  string `json:"user_agent"`
			}](item)
			return []string{moment(&s.CreatedAt), moment(&s.LastSeenAt), s.Address, s.UserAgent}, err
		})
	})
}
