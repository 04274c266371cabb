package session_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
)

// marksAt reads a page of the sign-in log as one letter for each line, oldest first: burst, new device, or
// neither.
func marksAt(c *servertest.Client, path string) (marks string) {
	var page struct {
		Items []struct {
			Burst     bool
			NewDevice bool `json:"new_device"`
		}
	}
	c.Do("GET", path, nil).Expect(200).Into(&page)
	for _, item := range page.Items {
		switch {
		case item.Burst && item.NewDevice:
			marks = "?" + marks
		case item.Burst:
			marks = "b" + marks
		case item.NewDevice:
			marks = "n" + marks
		default:
			marks = "." + marks
		}
	}
	return marks
}

// The failure with which the slow-down begins is marked, once; so is a sign-in with a new browser. User
// and administrators read the same.
func TestBurstsAndNewDevicesAreMarkedInTheSignInLog(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for range 5 {
			p.signIn("acme", "ann", "wrong").Refused(401, "bad_credentials")
		}
		p.signIn("acme", "ann", "wrong").Refused(429, "slow_down")
		p.Clock.Advance(time.Second)
		p.signIn("acme", "ann", "wrong").Refused(401, "bad_credentials")
		body := map[string]any{"username": "ann", "password": servertest.Password}
		c.Do("POST", "/v1/auth/login", body).Expect(200)

		auditor := p.acme.NewUser("auditor", nil, "auditor").SignIn()
		for path, reader := range map[string]*servertest.Client{"/v1/me/sign-ins": c, "/v1/users/" + p.ann.ID + "/sign-ins": auditor} {
			for query, want := range map[string]string{
				"": "n....b...", "?burst=true": "b", "?burst=false": "n.......", "?new_device=true": "n", "?new_device=false": "....b...",
				"?burst=true&new_device=true": "", "?burst=false&new_device=false": ".......",
			} {
				if got := marksAt(reader, path+query); got != want {
					t.Errorf("%s%s: %q, want %q", path, query, got, want)
				}
			}
			reader.Do("GET", path+"?burst=perhaps", nil).Refused(422, "invalid_request")
			next := reader.Do("GET", path+"?limit=1", nil).Expect(200).String("next")
			reader.Do("GET", path+"?limit=1&burst=true&cursor="+next, nil).Refused(422, "bad_cursor")
		}
	})
}

func TestABurstOverNetworksOrNamesIsMarked(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		const marked = `SELECT l.address FROM sign_ins l WHERE l.tenant_id = $1 AND l.burst AND l.tries = 1 AND l.reason <> 'unknown_user'`
		p.failUnder(t, "ann", 0, 99)
		expect(t, p.signInFrom(elsewhere(99), servertest.Password), 200, "") // would have been the one
		if got := p.texts(t, p.acme.ID, marked); len(got) != 0 {
			t.Errorf("marked %q", got)
		}
		p.failUnder(t, "ann", 100, 1)
		clock.Advance(time.Minute)
		p.failUnder(t, "ann", 101, 1)
		if got := p.texts(t, p.acme.ID, marked); len(got) != 1 || got[0] != elsewhere(100) {
			t.Errorf("marked %q", got)
		}
		before := p.node.sessions.Figures().Bursts
		p.spray(t, 20) // each a burst of its own
		expect(t, p.try("acme", "root", "wrong", office), 401, "")
		if got := p.node.sessions.Figures().Bursts - before; got != 21 {
			t.Errorf("%d bursts", got)
		}
	})
}

// A line that stands for a flood is a burst.
func TestAFloodIsMarkedAsABurst(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		for n := range 30 {
			expect(t, p.try("acme", fmt.Sprintf("nobody%d", n), "wrong", office), 401, "")
		}
		p.node.stop()
		const marked = `SELECT CAST(l.tries AS TEXT) FROM sign_ins l WHERE l.tenant_id = $1 AND l.burst`
		if got := p.texts(t, p.acme.ID, marked); len(got) != 1 || got[0] != "10" {
			t.Errorf("%q", got)
		}
	})
}

// warningsIn is what an answer tells its user to look at.
func warningsIn(a *servertest.Answer) int {
	n, _ := a.Expect(200).Value("sign_in_warnings").(float64)
	return int(n)
}

func TestSignInAndRefreshTellOfWarningsOnce(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		signIn := func(c *servertest.Client) int {
			c.Token = ""
			return warningsIn(c.Do("POST", "/v1/auth/login", map[string]any{"username": "ann", "password": servertest.Password}))
		}
		refresh := func(c *servertest.Client) int { return warningsIn(c.Do("POST", "/v1/auth/refresh", nil)) }
		expectWarnings := func(what string, got, want int) {
			t.Helper()
			p.Clock.Advance(time.Minute)
			if got != want {
				t.Errorf("%s: %d warnings, want %d", what, got, want)
			}
		}
		home, thief := p.Client(), p.Client()
		expectWarnings("the first sign-in of all", signIn(home), 0)
		expectWarnings("a refresh", refresh(home), 0)
		expectWarnings("with the same browser", signIn(home), 0)
		for range 5 {
			p.signIn("acme", "ann", "wrong").Refused(401, "bad_credentials")
		}
		p.Clock.Advance(time.Minute)
		expectWarnings("a refresh after a burst", refresh(home), 1)
		expectWarnings("a further refresh", refresh(home), 0)
		expectWarnings("a new browser: the first of all, and the burst", signIn(thief), 2)
		expectWarnings("a refresh after a sign-in elsewhere", refresh(home), 1)
		expectWarnings("the next sign-in: the burst, and that sign-in", signIn(home), 2)
		expectWarnings("and the next", signIn(home), 0)
		p.acme.NewUser("bob", nil)
		expectWarnings("somebody else", warningsIn(p.signIn("acme", "bob", servertest.Password)), 0)
		p.Clock.Advance(30 * 24 * time.Hour)
		expectWarnings("a new browser a month later", signIn(p.Client()), 0)
	})
}

// The operator is told of a burst once, from where, and not under which name.
func TestABurstIsToldToTheOperator(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	defer slog.SetDefault(was)
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		log.Reset()
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		clock.Advance(time.Second)
		expect(t, p.signInFrom(office, "wrong"), 401, "")
		expect(t, p.signInFrom(office, "wrong"), 429, "2")
		text := log.String()
		if strings.Count(text, "burst") != 1 || !strings.Contains(text, "192.0.2.0/24") || !strings.Contains(text, p.acme.ID) || strings.Contains(text, "ann") {
			t.Errorf("%s", text)
		}
		device := deviceOf(t, p.signInFrom(abroad, servertest.Password))
		p.signInWith(device, "ann", servertest.Password, abroad)
		if got, want := p.node.sessions.Figures(), (session.Figures{Bursts: 1, NewDevices: 1}); got != want {
			t.Errorf("figures %+v", got)
		}
	})
}
