package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/usher-desk/usher/internal/server"
)

type initCommand struct {
	placeFlags   `embed:""`
	URL          string `default:"http://127.0.0.1:8080" help:"Public address, as it will be given to usher serve."`
	Tenant       string `required:"" placeholder:"SLUG" help:"Short name of the tenant, as in acme."`
	Name         string `help:"Full name of the tenant (default: the slug)."`
	Preset       string `default:"it-desk" placeholder:"NAME" help:"Roles to begin with: it-desk, it-desk-open, contact-center or business."`
	Locale       string `default:"zh-CN" help:"Language of the tenant: zh-CN or en."`
	TimeZone     string `default:"Asia/Shanghai" help:"Time zone of the tenant."`
	Admin        string `required:"" placeholder:"USERNAME" help:"Username of the first administrator."`
	PasswordFile string `placeholder:"FILE" help:"File with the administrator's password; - for standard input. Asked for when absent."`
}

// Help is the example that --help shows.
func (initCommand) Help() string {
	return `Makes the database and the master key where there are none, and a tenant in it. Call it again for further tenants while usher serve is stopped.

Examples:

  usher init --data /var/lib/usher --tenant acme --admin zhou
  usher init --data /var/lib/usher --tenant shop --preset business --admin li --password-file -`
}

// Run sets the tenant up.
func (c initCommand) Run(ctx context.Context, std streams) error {
	password, err := c.password(std)
	if err != nil {
		return err
	}
	err = server.Initialise(ctx, c.place(), server.FirstTenant{
		URL: c.URL, Slug: c.Tenant, Name: c.Name, Preset: c.Preset, Locale: c.Locale, TimeZone: c.TimeZone,
		Admin: c.Admin, Password: password, Version: programVersion(),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "Tenant %s is ready; %s is its administrator. Go on with: usher serve\n", c.Tenant, c.Admin)
	return err
}

func (c initCommand) password(std streams) (string, error) {
	switch c.PasswordFile {
	case "":
		return promptTwice(std)
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

// promptTwice asks at the terminal, twice, as nobody sees what they type.
func promptTwice(std streams) (string, error) {
	terminal, ok := std.in.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return "", errUsage{errors.New("no terminal to ask for a password: give --password-file FILE, or - for standard input")}
	}
	first, err := prompt(terminal, std.err, "Password of the administrator: ")
	if err != nil {
		return "", err
	}
	second, err := prompt(terminal, std.err, "Again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

func prompt(terminal *os.File, to io.Writer, question string) (string, error) {
	fmt.Fprint(to, question)
	line, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(to)
	return string(line), err
}
