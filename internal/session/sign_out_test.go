package session_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

func TestSignOutEndsTheSessionAtOnce(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		other := p.ann.SignIn()
		c.Do("GET", "/v1/me", nil).Expect(200)
		a := c.Do("POST", "/v1/auth/logout", nil).Expect(204)
		if cookie := a.Header.Get("Set-Cookie"); !strings.Contains(cookie, "usher_refresh=;") || !strings.Contains(cookie, "Max-Age=0") {
			t.Errorf("Set-Cookie: %s", cookie)
		}
		c.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		c.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
		other.Do("GET", "/v1/me", nil).Expect(200)

		records := p.records(t, p.acme.ID, "auth.logout")
		if len(records) != 1 || records[0].Actor.ID != p.ann.ID || records[0].Actor.SID == "" || records[0].Action.Policy == "0" {
			t.Errorf("%+v", records)
		}
	})
}

// A browser may have lost the token and a program may keep no cookies.
func TestSignOutNeedsOnlyOneOfTheTwo(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		withCookie := p.ann.SignIn()
		token := withCookie.Token
		withCookie.Token = ""
		withCookie.Do("POST", "/v1/auth/logout", nil).Expect(204)
		withCookie.Token = token
		withCookie.Do("GET", "/v1/me", nil).Refused(401, "session_ended")

		withToken := p.Client()
		withToken.Token = p.ann.SignIn().Token
		withToken.Do("POST", "/v1/auth/logout", nil).Expect(204)
		withToken.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
	})
}

func TestSigningOutAgainChangesNothing(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for range 3 {
			c.Do("POST", "/v1/auth/logout", nil).Expect(204)
		}
		p.Client().Do("POST", "/v1/auth/logout", nil, "Cookie", "usher_refresh=nonsense").Expect(204)
		successes := 0
		for _, r := range p.records(t, p.acme.ID, "auth.logout") {
			if r.Actor.Type == trail.User {
				successes++
			}
		}
		if successes != 1 {
			t.Errorf("%d sign-outs of ann are recorded", successes)
		}
	})
}

// Whoever lost the answer to a refresh and signs out must not be told so while the session goes on.
func TestPreviousRefreshTokenSignsOut(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		first := p.refreshCookie(t)
		r := p.refresh(first)
		expect(t, r, 200, "")
		expect(t, p.post("/v1/auth/logout", "", office, "Cookie", first), 204, "")
		expect(t, p.refresh(cookieOf(t, r)), 401, "")
	})
}

func TestSignOutWithAUsedRefreshTokenIsReuse(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		first := p.refreshCookie(t)
		second := p.refreshed(t, first)
		third := p.refreshed(t, second)
		expect(t, p.post("/v1/auth/logout", "", office, "Cookie", first), 401, "")
		expect(t, p.refresh(third), 401, "")
	})
}

// A token that a changed password has voided ends nothing, and least of all the session that was kept.
func TestAVoidTokenDoesNotSignOut(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c, thief := p.ann.SignIn(), p.Client()
		thief.Token = c.Token
		c.Token = c.Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword)).Expect(200).String("access_token")
		thief.Do("POST", "/v1/auth/logout", nil).Expect(204)
		c.Do("GET", "/v1/me", nil).Expect(200)
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)
	})
}
