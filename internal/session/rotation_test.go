package session_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// refreshed exchanges a refresh cookie and returns the next one.
func (p *program) refreshed(t *testing.T, cookie string) string {
	t.Helper()
	r := p.refresh(cookie)
	expect(t, r, 200, "")
	return cookieOf(t, r)
}

func TestRefreshTokenIsReplacedAtEachUse(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		cookies := []string{p.refreshCookie(t)}
		for range 5 {
			cookies = append(cookies, p.refreshed(t, cookies[len(cookies)-1]))
		}
		slices.Sort(cookies)
		if n := len(slices.Compact(cookies)); n != 6 {
			t.Errorf("%d different cookies of 6", n)
		}
	})
}

// Two tabs, an answer that got lost, a browser that was killed before it kept the cookie.
func TestPreviousRefreshTokenGivesTheSameSuccessor(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		first := p.refreshCookie(t)
		second := p.refreshed(t, first)
		clock.Advance(9 * time.Hour)
		p.node = startNode(t, p.DB.WithClock(clock.Now), p.URL) // nothing of it is in memory
		r := p.refresh(first)
		expect(t, r, 200, "")
		if again := cookieOf(t, r); again != second {
			t.Errorf("%s after %s", again, second)
		}
		expect(t, p.get("/v1/me", accessTokenOf(t, r)), 200, "")
		p.refreshed(t, second)
	})
}

// Whoever repeats an exchange must not keep a session alive without ever using what they were given.
func TestARepeatedExchangeDoesNotRenew(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		first := p.refreshCookie(t)
		p.refreshed(t, first)
		for range 6 {
			clock.Advance(24 * time.Hour)
			p.refreshed(t, first)
		}
		clock.Advance(24 * time.Hour)
		expect(t, p.refresh(first), 401, "")
	})
}

func TestManyRefreshesHaveOneSuccessor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		const tries = 100
		cookie := p.refreshCookie(t)
		answers := make(chan *http.Response, tries)
		var all sync.WaitGroup
		for range tries {
			all.Go(func() { answers <- p.refresh(cookie) })
		}
		all.Wait()
		close(answers)
		successors := map[string]bool{}
		for r := range answers {
			expect(t, r, 200, "")
			successors[cookieOf(t, r)] = true
		}
		if len(successors) != 1 {
			t.Fatalf("%d successors", len(successors))
		}
		for next := range successors {
			p.refreshed(t, next)
		}
		expect(t, p.refresh(cookie), 401, "") // sealed
	})
}

func TestReuseEndsTheSession(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		for age := 2; age <= 4; age++ { // how many exchanges ago the copy was taken
			other := p.refreshCookie(t)
			copied := p.refreshCookie(t)
			now, token := copied, ""
			for range age {
				r := p.refresh(now)
				expect(t, r, 200, "")
				now, token = cookieOf(t, r), accessTokenOf(t, r)
			}
			expect(t, p.get("/v1/me", token), 200, "")
			r := p.post("/v1/auth/refresh", "", abroad, "Cookie", copied)
			expect(t, r, 401, "")
			if problem := bodyOf(t, r); !strings.Contains(problem, `"refresh_reused"`) {
				t.Error(problem)
			}
			expect(t, p.get("/v1/me", token), 401, "")
			expect(t, p.refresh(now), 401, "")
			expect(t, p.refresh(copied), 401, "") // and is told once
			p.refreshed(t, other)
		}
	})
}

func TestReuseIsOnTheRecordAndInTheSignInLog(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		first := p.refreshCookie(t)
		p.refreshed(t, p.refreshed(t, first))
		for range 3 {
			expect(t, p.post("/v1/auth/refresh", "", abroad, "Cookie", first), 401, "")
		}
		session := strings.Split(first, ".")[1]
		var found []trail.Record
		for _, r := range p.records(t, p.acme.ID, "auth.refresh") {
			if r.Outcome.Reason == "refresh_reused" {
				found = append(found, r)
			}
		}
		if len(found) != 1 || found[0].Actor.Type != trail.Anonymous || found[0].Outcome.Code != 401 || found[0].Outcome.Result != trail.Failure ||
			!slices.Contains(found[0].Target, trail.Ref{Type: "user", ID: p.ann.ID}) || !slices.Contains(found[0].Target, trail.Ref{Type: "session", ID: session}) {
			t.Errorf("%+v", found)
		}
		var page signInPage
		p.ann.SignIn().Do("GET", "/v1/me/sign-ins?limit=2", nil).Expect(200).Into(&page)
		if line := page.Items[1]; line.Method != "refresh" || line.Outcome != "failure" || line.Reason != "reuse" || line.Address != abroad {
			t.Errorf("%+v", line)
		}
	})
}

// Nobody has used the token from before a new password: who still has it is refused, and no alarm is raised.
func TestNewPasswordVoidsOlderRefreshTokensSilently(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		r := p.signInFrom(office, servertest.Password)
		older := cookieOf(t, r)
		r = p.refresh(older)
		before, token := cookieOf(t, r), accessTokenOf(t, r)
		r = p.post("/v1/auth/password", `{"current":"`+servertest.Password+`","new":"`+nextPassword+`"}`, office, "Authorization", "Bearer "+token)
		expect(t, r, 200, "")
		for _, cookie := range []string{older, before} {
			expect(t, p.refresh(cookie), 401, "")
		}
		p.refreshed(t, cookieOf(t, r))
	})
}
