package session_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/trail"
)

// refreshCookie is what a sign-in of ann from outside leaves in the browser, as it is sent back.
func (p *program) refreshCookie(t *testing.T) string {
	t.Helper()
	r := p.signInFrom(office, servertest.Password)
	expect(t, r, 200, "")
	return cookieOf(t, r)
}

func cookieOf(t *testing.T, r *http.Response) string {
	t.Helper()
	return cookieNamed(t, r, "usher_refresh")
}

// cookieNamed is the one cookie of an answer with the name, in whichever form, as a request sends it.
func cookieNamed(t *testing.T, r *http.Response, name string) string {
	t.Helper()
	var found []string
	for _, c := range r.Cookies() {
		if strings.TrimPrefix(c.Name, "__Host-") == name {
			found = append(found, c.Name+"="+c.Value)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d cookies %s", len(found), name)
	}
	return found[0]
}

func (p *program) refresh(cookie string) *http.Response {
	return p.post("/v1/auth/refresh", "", office, "Cookie", cookie)
}

func TestRefreshRenewsBothTokensAndIsRecorded(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		old := c.Token
		c.Token = ""
		c.Token = c.Do("POST", "/v1/auth/refresh", nil).Expect(200).String("access_token")
		if c.Token == old {
			t.Error("the access token is the old one")
		}
		c.Do("GET", "/v1/me", nil).Expect(200)
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		records := p.records(t, p.acme.ID, "auth.refresh")
		if len(records) != 2 || records[0].Actor.ID != p.ann.ID || records[0].Outcome.Result != trail.Success {
			t.Errorf("%+v", records)
		}
	})
}

func TestRefreshTokensThatAreNoneAreRefused(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		good, otherSession := p.refreshCookie(t), p.refreshCookie(t)
		other := p.NewTenant("other", "it-desk")
		secret := good[len(good)-64:]
		for _, cookie := range []string{
			"", "usher_refresh=", "usher_refresh=x", "usher_refresh=a.b.c", "unrelated=1",
			"__Host-" + good, // the form of another public address
			good + "A", good[:len(good)-1],
			"usher_refresh=nowhere.nothing." + secret,
			"usher_refresh=" + other.ID + ".nothing." + secret,
			"usher_refresh=platform.nothing." + secret,
			"usher_refresh=*.nothing." + secret,
			good[:len(good)-64] + strings.Repeat("A", 64),
			good[:len(good)-21] + strings.Repeat("A", 21), // with another mark
			good[:len(good)-64] + otherSession[len(otherSession)-64:],
		} {
			r := p.refresh(cookie)
			if r.StatusCode != 401 || r.Header.Get("Set-Cookie") != "" {
				t.Errorf("%q: %d", cookie, r.StatusCode)
			}
		}
		expect(t, p.refresh(good), 200, "")
	})
}

func TestFailedRefreshLiesInTheTrailOfTheTenantItNames(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		secret := ".nothing." + strings.Repeat("A", 64)
		expect(t, p.refresh("usher_refresh="+p.acme.ID+secret), 401, "")
		expect(t, p.refresh("usher_refresh=nowhere"+secret), 401, "")
		for _, home := range []string{p.acme.ID, "platform"} {
			records := p.records(t, home, "auth.refresh")
			if len(records) != 1 || records[0].Actor.Type != trail.Anonymous || records[0].Outcome.Reason != "invalid_refresh" {
				t.Errorf("%s: %+v", home, records)
			}
		}
	})
}

func TestRefreshChecksWhatSignInChecks(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		cookie := p.refreshCookie(t)
		p.disable(t, p.ann)
		expect(t, p.refresh(cookie), 401, "")
		p.set(t, p.acme.ID, `UPDATE users SET active = $2 WHERE tenant_id = $1`, true)
		p.suspend(t)
		expect(t, p.refresh(cookie), 401, "")
		p.set(t, p.acme.ID, `UPDATE tenants SET status = 'active' WHERE tenant_id = $1`)
		expect(t, p.refresh(cookie), 200, "")
	})
}

func TestSessionEndsSevenDaysAfterItsLastRenewal(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		r := p.signInFrom(office, servertest.Password)
		expect(t, p.get("/v1/me", accessTokenOf(t, r)), 200, "")
		clock.Advance(session.RefreshLife - time.Second)
		r = p.refresh(cookieOf(t, r))
		expect(t, r, 200, "")
		clock.Advance(time.Hour) // it would have ended by now
		expect(t, p.get("/v1/me", accessTokenOf(t, r)), 200, "")
		clock.Advance(session.RefreshLife - time.Hour)
		expect(t, p.refresh(cookieOf(t, r)), 401, "")
	})
}

// The last renewals shorten: neither token outlives the thirty days.
func TestSessionEndsThirtyDaysAfterSignIn(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		cookie := p.refreshCookie(t)
		for range 4 {
			clock.Advance(session.RefreshLife - time.Second)
			r := p.refresh(cookie)
			expect(t, r, 200, "")
			cookie = cookieOf(t, r)
		}
		clock.Advance(2*24*time.Hour - time.Hour)
		r := p.refresh(cookie)
		expect(t, r, 200, "")
		const left = 3604 // an hour, and the four seconds
		if got := r.Cookies()[0].MaxAge; got != left {
			t.Errorf("the cookie lasts %d s", got)
		}
		token := accessTokenIn(t, r)
		if token.Life != left {
			t.Errorf("the access token lasts %d s", token.Life)
		}
		expect(t, p.get("/v1/me", token.Text), 200, "")
		clock.Advance(left * time.Second)
		expect(t, p.refresh(cookieOf(t, r)), 401, "")
		clock.Advance(time.Minute) // beyond the leeway of clocks
		expect(t, p.get("/v1/me", token.Text), 401, "")
	})
}
