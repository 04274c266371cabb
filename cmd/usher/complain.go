package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/server"
)

// errUsage marks a mistake in how a command was called.
type errUsage struct{ error }

// errSilent ends a command that has already said why.
var errSilent = errors.New("")

// complain tells what went wrong in one line and decides how the command ends.
func complain(std streams, err error) int {
	if !errors.Is(err, errSilent) {
		fmt.Fprintln(std.err, "usher:", oneLine(inWords(err)))
	}
	if misused(err) {
		return exitUsage
	}
	return exitFailed
}

// misused tells whether another call could have succeeded where this one could not.
func misused(err error) bool {
	var usage errUsage
	var f *fault.Error
	return errors.As(err, &usage) || errors.As(err, &f) && f.Code.Kind == fault.Invalid ||
		errors.Is(err, server.ErrNowhere) || errors.Is(err, server.ErrAddress)
}

// inWords tells a refusal as people are told: by its sentence, with the code behind it.
func inWords(err error) string {
	var f *fault.Error
	var c *fault.Code
	if !errors.As(err, &f) {
		if !errors.As(err, &c) {
			return err.Error()
		}
		f = &fault.Error{Code: c}
	}
	text := f.Code.EN
	if f.Detail != "" {
		text = strings.TrimSuffix(text, ".") + ": " + f.Detail + "."
	}
	for _, p := range f.Places {
		text += " " + flagOf(p.Location) + ": " + p.Message
		if !strings.HasSuffix(p.Message, "?") {
			text += "."
		}
	}
	if len(f.Places) == 0 {
		text += " " + f.Code.Help
	}
	return text + " (" + f.Code.Name + ")"
}

// ofRequest begins a place that is a member of a request to an operation, and no flag of a command.
const ofRequest = "request."

// flagOf names the flag of usher init that a place is filled from. The commands that ask for operations name members
// of the request.
func flagOf(location string) string {
	if name, found := strings.CutPrefix(location, ofRequest); found {
		return name
	}
	switch name := strings.TrimPrefix(location, "body."); name {
	case "slug":
		return "--tenant"
	case "username":
		return "--admin"
	default:
		return "--" + strings.ReplaceAll(name, "_", "-")
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
