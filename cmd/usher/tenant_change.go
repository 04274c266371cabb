package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/usher-desk/usher/internal/tenant"
)

type tenantUpdateCommand struct {
	machineFlags `embed:""`
	Slug         string  `arg:"" help:"Short name of the tenant."`
	Name         *string `env:"-" help:"Full name."`
	Locale       *string `env:"-" help:"Language: zh-CN or en."`
	TimeZone     *string `env:"-" help:"Time zone, as in Asia/Shanghai."`
}

// Help is the example that --help shows.
func (tenantUpdateCommand) Help() string {
	return howReached + `

Example:

  usher tenant update --data /var/lib/usher --name "Acme Holding" acme`
}

// Run changes what was given, of the tenant as it stands.
func (c tenantUpdateCommand) Run(ctx context.Context, std streams) error {
	change := map[string]string{}
	for member, value := range map[string]*string{"name": c.Name, "locale": c.Locale, "time_zone": c.TimeZone} {
		if value != nil {
			change[member] = *value
		}
	}
	if len(change) == 0 {
		return errUsage{errors.New("say what to change: --name, --locale or --time-zone")}
	}
	return c.on(ctx, std, tenant.Platform, func(m *machine) error {
		t, err := m.tenantNamed(ctx, c.Slug)
		if err != nil {
			return err
		}
		path := at(tenantsPath+"/%s", t.ID)
		_, etag, err := m.ask(ctx, question{method: http.MethodGet, path: path})
		if err != nil {
			return err
		}
		answer, _, err := m.ask(ctx, question{method: http.MethodPatch, path: path, match: etag, body: change})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error { return tellTenant(std, answer) })
	})
}

// statusFlags are those of the commands that suspend and resume.
type statusFlags struct {
	machineFlags `embed:""`
	Reason       string `env:"-" required:"" placeholder:"TEXT" help:"Why; both trails keep it, and the tenant's administrators can read it."`
	Slug         string `arg:"" help:"Short name of the tenant."`
}

type tenantSuspendCommand struct{ statusFlags }

// Help is the example that --help shows.
func (tenantSuspendCommand) Help() string {
	return `Sessions, links and visits end for good; nobody comes in until the tenant is resumed.

` + howReached + `

Example:

  usher tenant suspend --data /var/lib/usher --reason "contract ended" acme`
}

// Run suspends the tenant.
func (c tenantSuspendCommand) Run(ctx context.Context, std streams) error {
	return c.set(ctx, std, "suspend", "Tenant %s is suspended.\n")
}

type tenantResumeCommand struct{ statusFlags }

// Help is the example that --help shows.
func (tenantResumeCommand) Help() string {
	return `What ended with the suspension stays ended: people sign in again.

` + howReached + `

Example:

  usher tenant resume --data /var/lib/usher --reason "contract renewed" acme`
}

// Run resumes the tenant.
func (c tenantResumeCommand) Run(ctx context.Context, std streams) error {
	return c.set(ctx, std, "resume", "Tenant %s works again.\n")
}

func (c statusFlags) set(ctx context.Context, std streams, how, told string) error {
	return c.on(ctx, std, tenant.Platform, func(m *machine) error {
		t, err := m.tenantNamed(ctx, c.Slug)
		if err != nil {
			return err
		}
		answer, _, err := m.ask(ctx, question{method: http.MethodPost, path: at(tenantsPath+"/%s/"+how, t.ID), body: map[string]string{"reason": c.Reason}})
		if err != nil {
			return err
		}
		return m.tell(answer, func() error {
			_, err := fmt.Fprintf(std.out, told, t.Slug)
			return err
		})
	})
}
