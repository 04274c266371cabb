package main

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// misread tells in one line why a call was not understood, and whose --help shows what could be said.
func misread(std streams, err error) int {
	text := strings.Replace(err.Error(), `one of "",`, "one of ", 1) // nobody says nothing on purpose
	fmt.Fprintf(std.err, "usher: %s; %s --help shows what there is\n", text, understood(err))
	return exitUsage
}

// understood is the part of a call that names a command.
func understood(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil && parse.Context.Selected() != nil {
		return parse.Context.Selected().FullPath()
	}
	return "usher"
}

// values are the kinds of flags whose mistakes kong would tell in the words of Go.
func values() []kong.Option {
	return []kong.Option{
		kong.TypeMapper(reflect.TypeFor[*time.Time](), reads("moment", func(text string) (*time.Time, error) {
			t, err := time.Parse(time.RFC3339, text)
			return &t, err
		}, "2026-12-24T18:00:00+08:00 or 2026-12-24T10:00:00Z")),
		kong.TypeMapper(reflect.TypeFor[netip.Prefix](), reads("network", netip.ParsePrefix, "10.0.0.0/8, one address as 10.0.0.5/32")),
	}
}

// reads takes a value, or says what it is not and how it is written.
func reads[T any](what string, parse func(string) (T, error), example string) kong.MapperFunc {
	return func(d *kong.DecodeContext, target reflect.Value) error {
		var text string
		if err := d.Scan.PopValueInto(what, &text); err != nil {
			return err
		}
		value, err := parse(text)
		if err != nil {
			return fmt.Errorf("%q is no %s: write it as %s", text, what, example)
		}
		target.Set(reflect.ValueOf(value))
		return nil
	}
}
