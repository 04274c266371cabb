package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

type configCommand struct {
	serveFlags `embed:""`
}

// Help is the example that --help shows.
func (configCommand) Help() string {
	return `It takes the flags of usher serve and prints what that would work with, in the form of a file for --config, and where each value is from. The command line comes before the environment, the environment before the file. Passwords are not shown.

A file has one flag on each line, without the dashes:

  # /etc/usher/usher.conf
  data = /var/lib/usher
  url = https://desk.example
  trusted-proxy = 10.0.0.0/8, fd00::/8

Example:

  usher config --config /etc/usher/usher.conf`
}

// Run prints a line for each flag; one that nobody has given is commented out.
func (c configCommand) Run(k *kong.Context, std streams) error {
	// What usher serve would refuse to begin with is in force nowhere, and must not be printed as if it were.
	if _, err := c.protection(); err != nil {
		return err
	}
	given := givenOn(k)
	for _, flag := range k.Selected().Flags {
		if flag.Hidden {
			continue
		}
		value, source := masked(flag, written(k.FlagValue(flag))), sourceOf(flag, given)
		line := fmt.Sprintf("%s = %s", flag.Name, value)
		if source == "" {
			line = "# " + flag.Name + " ="
		} else {
			line = fmt.Sprintf("%-40s # %s", line, source)
		}
		if _, err := fmt.Fprintln(std.out, line); err != nil {
			return err
		}
	}
	return nil
}

// written is a value as it is given.
func written(value any) string {
	if list, several := value.([]netip.Prefix); several {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ","), "[]")
	}
	return fmt.Sprint(value)
}

// givenOn says of each flag that was given whether a file did it; the others on the map are from the command line.
func givenOn(k *kong.Context) map[*kong.Flag]bool {
	byFile := map[*kong.Flag]bool{}
	for _, p := range k.Path {
		if p.Flag != nil {
			byFile[p.Flag] = p.Resolved
		}
	}
	return byFile
}

// sourceOf is where the value of a flag is from; "" for nowhere.
func sourceOf(f *kong.Flag, given map[*kong.Flag]bool) string {
	byFile, found := given[f]
	_, set := os.LookupEnv(variableOf(f))
	switch {
	case found && byFile:
		return "the file"
	case found:
		return "the command line"
	case set && configurable(f):
		return variableOf(f)
	case f.HasDefault:
		return "default"
	}
	return ""
}

// masked hides the password of an address, and the whole of one that is written in another way.
func masked(f *kong.Flag, value string) string {
	if !f.Tag.Has("secret") || value == "" {
		return value
	}
	address, err := url.Parse(value)
	if err != nil || address.Host == "" {
		return "***"
	}
	if address.RawQuery != "" { // passwords can stand there as well
		address.RawQuery = "***"
	}
	return address.Redacted()
}
