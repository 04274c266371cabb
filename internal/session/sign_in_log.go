package session

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// The ways in.
const (
	methodPassword = "password"
	methodTOTP     = string(identity.ByTOTP)
	methodRefresh  = "refresh" // logged only when it looks like theft
)

// How an attempt to sign in ended.
const (
	signInSuccess    = "success"
	signInFailure    = "failure"
	signInChallenged = "challenged" // the password was right, and the second factor is waited for
)

// signInLine is a line of the sign-in log: one attempt, or many of a flood.
type signInLine struct {
	id         string
	time       time.Time
	user       string // id; empty when nobody has the name that was typed
	maskedName string // what was typed then
	method     string
	outcome    string
	reason     refusal // empty for a success; for a challenge what is waited for
	tries      int64   // how many attempts the line stands for
	from       origin
	newDevice  bool // the user signed in with a browser that was not known for them
	burst      bool // with it a brake took hold, or it stands for a flood
}

// line is the attempt as the log keeps it.
func (a attempt) line(outcome string, reason refusal) signInLine {
	l := signInLine{method: a.method, outcome: outcome, reason: reason, tries: 1, from: a.from}
	if a.user != nil {
		l.user = a.user.ID
	} else {
		l.maskedName = masked(a.name)
	}
	l.burst = outcome == signInFailure && a.try.burst
	return l
}

// with says in which browser it was.
func (l signInLine) with(b knownBrowser) signInLine {
	l.newDevice = b.isNew
	return l
}

// masked keeps the first character of a name that nobody has: it may be a password, typed into the
// wrong field.
func masked(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + "***"
}

// signInsKept is how long the log keeps a line.
const signInsKept = 400 * 24 * time.Hour

// logSignIn adds a line at the time of the transaction, and lets go of those that have had theirs.
func logSignIn(ctx context.Context, tx *store.Tx, l signInLine) error {
	if err := dropSignIns(ctx, tx, tx.Now.Add(-signInsKept)); err != nil {
		return err
	}
	l.id, l.time = store.NewID(tx.Now), tx.Now
	return insertSignIn(ctx, tx, l)
}
