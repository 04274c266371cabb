package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/tenant"
)

type tenantCommands struct {
	List    tenantListCommand    `cmd:"" help:"List tenants."`
	Show    tenantShowCommand    `cmd:"" help:"Show one tenant."`
	Create  tenantCreateCommand  `cmd:"" help:"Make a tenant, and a link for its first administrator."`
	Update  tenantUpdateCommand  `cmd:"" help:"Change a tenant's name, language or time zone."`
	Suspend tenantSuspendCommand `cmd:"" help:"Deny a tenant every credential at once."`
	Resume  tenantResumeCommand  `cmd:"" help:"Let a suspended tenant work again."`
	Link    tenantLinkCommand    `cmd:"" help:"Print another link for a first administrator who has never been in."`
}

// tenantsPath is where the operations on tenants begin.
const tenantsPath = "/v1/platform/tenants"

// tenantShown is a tenant as the operations show it to the platform.
type tenantShown struct {
	ID, Slug, Name, Preset, Locale, Status string
	TimeZone                               string    `json:"time_zone"`
	CreatedAt                              time.Time `json:"created_at"`
	Figures                                struct {
		Users, Sessions int64
		ActiveUsers     int64      `json:"active_users"`
		LastSignInAt    *time.Time `json:"last_sign_in_at"`
	}
}

// tenantNamed finds a tenant by its slug.
func (m *machine) tenantNamed(ctx context.Context, slug string) (found tenantShown, err error) {
	err = m.each(ctx, tenantsPath, url.Values{"q": {slug}}, func(item json.RawMessage) error {
		t, err := decoded[tenantShown](item)
		if t.Slug == slug {
			found = t
		}
		return err
	})
	if err == nil && found.ID == "" {
		err = fmt.Errorf("there is no tenant %q", slug)
	}
	return found, err
}

type tenantListCommand struct {
	machineFlags `embed:""`
	Search       string `env:"-" placeholder:"TEXT" help:"Those with this in their name or slug."`
	Status       string `env:"-" enum:",active,suspended" default:"" placeholder:"active|suspended" help:"Those that are in this state."`
}

// Help is the example that --help shows.
func (tenantListCommand) Help() string {
	return howReached + `

Examples:

  usher tenant list --data /var/lib/usher
  usher tenant list --data /var/lib/usher --status suspended --json`
}

// Run prints a line for each tenant.
func (c tenantListCommand) Run(ctx context.Context, std streams) error {
	return c.on(ctx, std, tenant.Platform, func(m *machine) error {
		query := url.Values{}
		for name, value := range map[string]string{"q": c.Search, "status": c.Status} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return m.list(ctx, tenantsPath, query, []string{"TENANT", "NAME", "STATUS", "USERS", "SESSIONS", "LAST SIGN-IN"}, func(item json.RawMessage) ([]string, error) {
			t, err := decoded[tenantShown](item)
			return []string{t.Slug, t.Name, t.Status, strconv.FormatInt(t.Figures.Users, 10), strconv.FormatInt(t.Figures.Sessions, 10), moment(t.Figures.LastSignInAt)}, err
		})
	})
}

type tenantShowCommand struct {
	machineFlags `embed:""`
	Slug         string `arg:"" help:"Short name of the tenant."`
}

// Help is the example that --help shows.
func (tenantShowCommand) Help() string {
	return howReached + `

Example:

  usher tenant show --data /var/lib/usher acme`
}

// Run prints what the platform sees of the tenant.
func (c tenantShowCommand) Run(ctx context.Context, std streams) error {
	return c.on(ctx, std, tenant.Platform, func(m *machine) error {
		t, err := m.tenantNamed(ctx, c.Slug)
		if err != nil {
			return err
		}
		answer, _, err := m.ask(ctx, question{method: http.MethodGet, path: at(tenantsPath+"/%s", t.ID)})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error { return tellTenant(std, answer) })
	})
}

func tellTenant(std streams, answer json.RawMessage) error {
	t, err := decoded[tenantShown](answer)
	if err != nil {
		return err
	}
	return facts(std.out,
		"tenant", t.Slug, "id", t.ID, "name", t.Name, "status", t.Status, "preset", t.Preset, "locale", t.Locale, "time zone", t.TimeZone,
		"users", fmt.Sprintf("%d, of whom %d are active", t.Figures.Users, t.Figures.ActiveUsers),
		"sessions", strconv.FormatInt(t.Figures.Sessions, 10), "last sign-in", moment(t.Figures.LastSignInAt), "made", moment(&t.CreatedAt))
}
