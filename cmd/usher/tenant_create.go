package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/tenant"
)

type tenantCreateCommand struct {
	machineFlags `embed:""`
	Slug         string `arg:"" help:"Short name of the tenant, as in acme. It never changes."`
	Name         string `env:"-" help:"Full name of the tenant (default: the slug)."`
	Preset       string `env:"-" default:"it-desk" placeholder:"NAME" help:"Roles to begin with: it-desk, it-desk-open, contact-center or business (default: ${default})."`
	Locale       string `env:"-" default:"zh-CN" help:"Language of the tenant: zh-CN or en (default: ${default})."`
	TimeZone     string `env:"-" default:"Asia/Shanghai" help:"Time zone of the tenant (default: ${default})."`
	Admin        string `env:"-" required:"" placeholder:"USERNAME" help:"Username of the first administrator."`
}

// Help is the example that --help shows.
func (tenantCreateCommand) Help() string {
	return `Prints a single-use link by which the first administrator chooses a password; they set up a second factor when they sign in. usher init makes a tenant whose administrator's password you choose here.

` + howReached + `

Example:

  usher tenant create --data /var/lib/usher --name "Acme Ltd" --admin zhou acme`
}

// Run prints the link alone on standard output.
func (c tenantCreateCommand) Run(ctx context.Context, std streams) error {
	return c.on(ctx, std, tenant.Platform, func(m *machine) error {
		answer, _, err := m.ask(ctx, question{method: http.MethodPost, path: tenantsPath, body: map[string]string{
			"slug": c.Slug, "name": cmp.Or(c.Name, c.Slug), "preset": c.Preset, "locale": c.Locale, "time_zone": c.TimeZone, "admin": c.Admin,
		}})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error { return tellLink(std, answer) })
	})
}

type tenantLinkCommand struct {
	machineFlags `embed:""`
	Slug         string `arg:"" help:"Short name of the tenant."`
}

// Help is the example that --help shows.
func (tenantLinkCommand) Help() string {
	return `For a first administrator whose link was lost or is too old. Earlier links are void. Once one was used, the tenant's people help each other; usher recover-admin is for when they cannot.

` + howReached + `

Example:

  usher tenant link --data /var/lib/usher acme`
}

// Run prints the link alone on standard output.
func (c tenantLinkCommand) Run(ctx context.Context, std streams) error {
	return c.on(ctx, std, tenant.Platform, func(m *machine) error {
		t, err := m.tenantNamed(ctx, c.Slug)
		if err != nil {
			return err
		}
		answer, _, err := m.ask(ctx, question{method: http.MethodPost, path: at(tenantsPath+"/%s/first-link", t.ID)})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error { return tellLink(std, answer) })
	})
}

// tellLink prints a link alone on standard output, and what to do with it beside.
func tellLink(std streams, answer json.RawMessage) error {
	l, err := decoded[struct {
		Link      string
		ExpiresAt time.Time `json:"expires_at"`
	}](answer)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, l.Link)
	return tellLinkUse(std, "Good", l.ExpiresAt)
}

// tellLinkUse says for how long a link is good and how a password is chosen with it, on the page or without one.
func tellLinkUse(std streams, good string, until time.Time) error {
	_, err := fmt.Fprintf(std.err, "%s until %s, once: open it in a browser, or POST /v1/auth/links/redeem {\"link\": \"…\", \"password\": \"…\"}\n",
		good, until.Local().Format("2006-01-02 15:04 MST"))
	return err
}
