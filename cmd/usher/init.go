package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/tenant"
)

type initCommand struct {
	placeFlags   `embed:""`
	URL          string `name:"url" placeholder:"URL" help:"Public address, such as https://desk.example; remembered for usher serve and usher user link."`
	Platform     bool   `help:"Make the first platform administrator instead of a tenant: somebody who makes tenants and helps in them."`
	Tenant       string `placeholder:"SLUG" help:"Short name of the tenant, as in acme."`
	Name         string `help:"Full name of the tenant (default: the slug)."`
	Preset       string `default:"it-desk" placeholder:"NAME" help:"Roles to begin with: it-desk, it-desk-open, contact-center or business (default: ${default})."`
	Locale       string `default:"zh-CN" help:"Language of the tenant: zh-CN or en."`
	TimeZone     string `default:"Asia/Shanghai" help:"Time zone of the tenant."`
	Admin        string `required:"" placeholder:"USERNAME" help:"Username of the first administrator."`
	PasswordFile string `placeholder:"FILE" help:"File with the administrator's password; - for standard input. Asked for when absent."`
}

// Help is the example that --help shows.
func (initCommand) Help() string {
	return `Makes the database and the master key where there are none, and a tenant in it. Call it again for further tenants: on SQLite while usher serve is stopped, on PostgreSQL at any time. usher tenant create makes one while it serves, with a link for the administrator in the place of a password.

With --platform it makes the first administrator of the platform, before or after any tenant. They sign in to the tenant "platform", make and suspend tenants over HTTP, and enter one on the record.

Examples:

  usher init --data /var/lib/usher --url https://desk.example --tenant acme --admin zhou
  usher init --data /var/lib/usher --tenant shop --preset business --admin li --password-file -
  usher init --data /var/lib/usher --platform --admin root`
}

// Run sets up the tenant, or the platform.
func (c initCommand) Run(ctx context.Context, std streams) error {
	if c.Platform == (c.Tenant != "") {
		return errUsage{errors.New("say what to set up: --tenant SLUG or --platform, one of the two")}
	}
	password, err := c.password(ctx, std)
	if err != nil {
		return err
	}
	if c.Platform {
		return c.setUpPlatform(ctx, std, password)
	}
	return c.setUpTenant(ctx, std, password)
}

func (c initCommand) setUpPlatform(ctx context.Context, std streams, password string) error {
	err := server.InitialisePlatform(ctx, c.place(), server.FirstPlatformAdmin{URL: c.URL, Admin: c.Admin, Password: password})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "The platform is ready; %s is its administrator and signs in to the tenant platform. Go on with: usher serve%s\n", c.Admin, c.repeated())
	return err
}

func (c initCommand) setUpTenant(ctx context.Context, std streams, password string) error {
	err := server.Initialise(ctx, c.place(), server.FirstTenant{
		URL: c.URL, Admin: c.Admin, Password: password,
		Tenant: tenant.NewTenant{
			Slug: c.Tenant, Name: cmp.Or(c.Name, c.Tenant), Preset: c.Preset, Locale: c.Locale, TimeZone: c.TimeZone,
		},
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "Tenant %s is ready; %s is its administrator. Go on with: usher serve%s\n", c.Tenant, c.Admin, c.repeated())
	return err
}

func (c initCommand) password(ctx context.Context, std streams) (string, error) {
	switch c.PasswordFile {
	case "":
		return promptTwice(ctx, std)
	case "-":
		return firstLine(std.in)
	}
	f, err := os.Open(c.PasswordFile)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return firstLine(f)
}

// firstLine reads a password from a file: its first line, without the line's end.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if len(line) == 0 {
		return "", errUsage{errors.New("the password is empty")}
	}
	return string(line), nil
}
