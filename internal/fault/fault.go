// Package fault is the vocabulary of refusals: a kind, a stable code, a text for people in both
// languages, and what would help. It knows nothing of HTTP; package api turns kinds into statuses.
//
// The cause of a fault is for operators and goes to the log. Nothing of it, and no value that a
// caller sent, reaches the answer.
package fault

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Kind groups codes by what the caller can do about them.
type Kind int

// The kinds. Each says what it asks of the caller.
const (
	Internal        Kind = iota // nothing; a defect, the cause is in the log
	Invalid                     // send something else
	TooLarge                    // send less
	Unauthenticated             // sign in
	Forbidden                   // ask somebody for the permission
	NotFound                    // look elsewhere
	Conflict                    // change the state first
	Stale                       // read again, then decide again
	Unconditional               // say which version the change is meant for
	TooMany                     // come back later
	Unavailable                 // try again; nothing was done
	Unsupported                 // send it in another format
	NotAllowed                  // use another method
	TooSlow                     // send it faster
	TooLong                     // ask with a shorter address
	WrongProtocol               // ask for a WebSocket
)

// Code is one reason to refuse, declared once by the package that refuses.
type Code struct {
	Name string // stable, lower_snake_case; answers, records and pages carry it
	Kind Kind
	EN   string // one sentence for people
	ZH   string
	Help string // what would help, in English, for docs/errors.md
}

// registry holds every code that the program can answer with, for docs/errors.md.
var registry = map[string]*Code{}

// Define declares a code. It is called from package variables only: a name declared twice, or one
// that a record could not hold, and texts that are no sentences, are mistakes of the program and panic.
func Define(kind Kind, name, en, zh, help string) *Code {
	c := &Code{Name: name, Kind: kind, EN: en, ZH: zh, Help: help}
	if p := c.problem(); p != "" {
		panic(fmt.Sprintf("fault: code %q %s", name, p))
	}
	registry[name] = c
	return c
}

var codeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// problem says what is wrong with a new code, "" for nothing.
func (c *Code) problem() string {
	switch {
	case registry[c.Name] != nil:
		return "is declared twice"
	case !codeName.MatchString(c.Name):
		return "is not in lower_snake_case of at most 64 letters"
	case c.Kind < Internal || c.Kind > WrongProtocol:
		return "has no kind"
	case !strings.HasSuffix(c.EN, ".") || !strings.HasSuffix(c.ZH, "。") || !strings.HasSuffix(c.Help, "."):
		return "lacks a sentence in English, in Chinese, or of help"
	}
	return ""
}

// Place is one thing wrong at one place of a request.
type Place struct {
	Location string // such as body.permissions[2]
	Message  string
}

// Error is one refusal.
type Error struct {
	Code       *Code
	Detail     string        // what was refused here and why, beyond the code's sentence
	Places     []Place       // where, when the request itself is at fault
	RetryAfter time.Duration // when to come back, for TooMany and Unavailable
	Current    int64         // the version that stands now, for Stale; 0 when there is none
	Challenge  *Challenge    // what the caller goes on with, for Unauthenticated; nil when there is none
	Holders    *Holders      // whose roles stand in the way, for Conflict; nil when nobody's do
	Cause      error         // for the log only
}

// Holders are users whose roles stand in the way of what was asked.
type Holders struct {
	Count int      // of all of them
	Seen  []Holder // some of those whom the caller may read
}

// Holder is a user with the roles in question.
type Holder struct {
	ID, Name string
	Roles    []string
}

// Challenge is a secret that a refusal hands out: what has been proven so far, to be sent again with
// what is missing. The text of an error leaves it out.
type Challenge struct {
	Text      string
	ExpiresAt time.Time
}

// Error is for logs; answers are made from the fields.
func (e *Error) Error() string {
	text := e.Code.Name
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	for _, p := range e.Places {
		text += fmt.Sprintf("; %s %s", p.Location, p.Message)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is(err, code) true for every error of the code.
func (e *Error) Is(target error) bool {
	c, ok := target.(*Code)
	return ok && c == e.Code
}

// Error lets a bare code be returned as an error.
func (c *Code) Error() string { return c.Name }

// With makes an error of this code with a detail, formatted as by fmt.Sprintf.
func (c *Code) With(format string, args ...any) *Error {
	return &Error{Code: c, Detail: fmt.Sprintf(format, args...)}
}

// At makes an error of this code that names a place in the request.
func (c *Code) At(location, format string, args ...any) *Error {
	return &Error{Code: c, Places: []Place{{location, fmt.Sprintf(format, args...)}}}
}

// Because makes an error of this code with a cause for the log.
func (c *Code) Because(cause error) *Error {
	return &Error{Code: c, Cause: cause}
}

// After makes an error of this code that says when to come back.
func (c *Code) After(wait time.Duration) *Error {
	return &Error{Code: c, RetryAfter: wait}
}
