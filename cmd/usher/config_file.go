package main

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// configFile names a file of flags of usher serve. What it says counts where neither the command line nor the
// environment says anything.
type configFile string

// BeforeResolve is called by kong once the command line is understood and before other sources are asked.
func (configFile) BeforeResolve(k *kong.Kong, c *kong.Context, trace *kong.Path) error {
	path := string(c.FlagValue(trace.Flag).(configFile))
	if path == "" {
		return nil
	}
	settings, err := readSettings(path)
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	if err := settings.Validate(k.Model); err != nil {
		return fmt.Errorf("--config: %s: %w", path, err)
	}
	c.AddResolver(settings)
	return nil
}

// settings are the values in a file, by the names of flags.
type settings map[string]string

// readSettings reads lines of the form name = value; empty ones, and what follows a # at the beginning or after a
// space, say nothing.
func readSettings(path string) (settings, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	found := settings{}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(" "+strings.ReplaceAll(lines.Text(), "\t", " "), " #")
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, both := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if _, twice := found[name]; twice || !both || name == "" {
			return nil, fmt.Errorf("%s, line %d: expected name = value, each name once", path, n)
		}
		found[name] = strings.TrimSpace(value)
	}
	return found, lines.Err()
}

// Validate refuses what is no flag of usher serve: a setting that is spelt wrongly must not seem to be in force.
func (s settings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, command := range app.Children {
		if command.Name == "serve" {
			for _, flag := range command.Flags {
				known[flag.Name] = configurable(flag)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if !known[name] {
			return fmt.Errorf("%q is no flag of usher serve", name)
		}
	}
	return nil
}

// configurable tells whether a flag can be given otherwise than on the command line. A flag of the same name that
// means something else has another variable, or none.
func configurable(f *kong.Flag) bool { return slices.Contains(f.Envs, variableOf(f)) }

func variableOf(f *kong.Flag) string {
	return "USHER_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// Resolve returns what the file says about a flag, unless the environment says something.
func (s settings) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	value, found := s[f.Name]
	if _, set := os.LookupEnv(variableOf(f)); !found || set || !configurable(f) {
		return nil, nil
	}
	return value, nil
}
