package session_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/session"
)

// pressed is a context in which the database cannot be asked.
func pressed(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// crowd is people of acme who are signed in, as the node knows them.
func (p *program) crowd(t *testing.T, n int) (callers []*caller.Caller) {
	t.Helper()
	for i := range n {
		token := p.acme.NewUser(fmt.Sprint("one", i), nil, "agent").SignIn().Token
		who, err := p.node.sessions.Authenticate(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		callers = append(callers, who)
	}
	return callers
}

// askAhead asks about all, and returns how many transactions that took: each asks the clock once.
func (p *program) askAhead(t *testing.T, clock *stillClock, callers []*caller.Caller) int64 {
	t.Helper()
	before := clock.asked.Load()
	if err := p.node.sessions.AskAhead(t.Context(), p.acme.ID, callers); err != nil {
		t.Fatal(err)
	}
	return clock.asked.Load() - before - 1 // asked for the marks
}

// Fifty people have four windows open for ten seconds: the database is asked five times, and not once for
// each of the connections.
func TestACrowdIsAskedAboutTogether(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.node.stop() // nobody but the test asks
		callers, asked := slices.Repeat(p.crowd(t, 50), 4), int64(0)
		for range 20 {
			clock.Advance(time.Second / 2)
			asked += p.askAhead(t, clock, callers)
			if _, err := p.node.sessions.Again(t.Context(), callers[0]); err != nil { // the policy is looked at now and then
				t.Fatal(err)
			}
			for _, who := range callers {
				if _, err := p.node.sessions.Again(pressed(t), who); err != nil {
					t.Fatalf("something was left to ask: %v", err)
				}
			}
		}
		if asked != 5 {
			t.Errorf("%d transactions", asked)
		}
	})
}

// What nobody has announced is found out two seconds after it was read, and by nobody else's session.
func TestOfACrowdThoseAreRefusedWhoseSessionHasEnded(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		callers := p.crowd(t, 3)
		p.unheard(t, p.acme.ID, `UPDATE sessions SET ended_at = 1, end_reason = 'lost' WHERE tenant_id = $1 AND id = $2`, callers[1].Session)
		p.unheard(t, p.acme.ID, `UPDATE users SET epoch = epoch + 1 WHERE tenant_id = $1 AND id = $2`, callers[2].User)
		for range 2 {
			clock.Advance(time.Second)
			p.askAhead(t, clock, callers)
		}
		for i, want := range []error{nil, session.ErrSessionEnded, session.ErrSessionEnded} {
			if _, err := p.node.sessions.Again(t.Context(), callers[i]); !errors.Is(err, want) {
				t.Errorf("%d: %v, want %v", i, err, want)
			}
		}
	})
}

// Somebody whose session is named for another user is spoken for by nothing that was asked ahead.
func TestASessionIsAskedAboutForItsOwnUserOnly(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		callers := p.crowd(t, 2)
		mixed := *callers[0]
		mixed.Session = callers[1].Session
		clock.Advance(2 * time.Second)
		p.askAhead(t, clock, []*caller.Caller{&mixed, callers[1]})
		if _, err := p.node.sessions.Again(t.Context(), &mixed); !errors.Is(err, session.ErrSessionEnded) {
			t.Errorf("%v, want the end of the session", err)
		}
		if _, err := p.node.sessions.Again(pressed(t), callers[1]); err != nil {
			t.Error(err)
		}
	})
}
