package session_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

type sessionPage struct {
	Items []struct {
		ID, Address string
		CreatedAt   time.Time `json:"created_at"`
		LastSeenAt  time.Time `json:"last_seen_at"`
		ExpiresAt   time.Time `json:"expires_at"`
		UserAgent   string    `json:"user_agent"`
		Methods     []string
		Current     bool
	}
	Next     *string
	Warnings []struct {
		Reason, Session, Address string
		Time                     time.Time
	}
}

func sessionsAt(c *servertest.Client, path string) (page sessionPage) {
	c.Do("GET", path, nil).Expect(200).Into(&page)
	return page
}

// sessionOf is the id of the session that a client has.
func sessionOf(t *testing.T, c *servertest.Client) string {
	t.Helper()
	for _, item := range sessionsAt(c, "/v1/me/sessions").Items {
		if item.Current {
			return item.ID
		}
	}
	t.Fatal("no session is the current one")
	return ""
}

func TestOwnSessionsAreListedNewestFirst(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn()
		p.admin.SignIn()
		p.Clock.Advance(time.Hour)
		c := p.Client()
		body := map[string]any{"username": "ann", "password": servertest.Password}
		c.Token = c.Do("POST", "/v1/auth/login", body, "User-Agent", "Browser/1").Expect(200).String("access_token")
		p.Clock.Advance(time.Hour)
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)

		page := sessionsAt(c, "/v1/me/sessions")
		if len(page.Items) != 2 || page.Next != nil || len(page.Warnings) != 0 {
			t.Fatalf("%+v", page)
		}
		newest, oldest := page.Items[0], page.Items[1]
		if !newest.Current || oldest.Current || newest.UserAgent != "Browser/1" || newest.Address != "127.0.0.1" || !slices.Equal(newest.Methods, []string{"pwd"}) {
			t.Errorf("%+v", page.Items)
		}
		if seen := newest.LastSeenAt.Sub(newest.CreatedAt); seen < time.Hour || newest.ExpiresAt.Sub(newest.LastSeenAt) != 7*24*time.Hour {
			t.Errorf("%+v", newest)
		}
		if oldest.LastSeenAt != oldest.CreatedAt || newest.CreatedAt.Sub(oldest.CreatedAt) < time.Hour {
			t.Errorf("%+v", oldest)
		}
	})
}

func TestSessionsHavePages(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		var c *servertest.Client
		for range 5 {
			c = p.ann.SignIn()
		}
		auditor := p.acme.NewUser("auditor", nil, "auditor").SignIn()
		for path, by := range map[string]*servertest.Client{"/v1/me/sessions": c, "/v1/users/" + p.ann.ID + "/sessions": auditor} {
			var ids []string
			for query := "?limit=2"; query != "" && len(ids) <= 5; {
				page := sessionsAt(by, path+query)
				for _, item := range page.Items {
					ids = append(ids, item.ID)
				}
				query = ""
				if page.Next != nil {
					query = "?limit=2&cursor=" + *page.Next
				}
			}
			slices.Reverse(ids)
			if len(ids) != 5 || !slices.IsSorted(ids) || len(slices.Compact(ids)) != 5 {
				t.Errorf("%s: %v", path, ids)
			}
		}
	})
}

func TestEndedAndExpiredSessionsAreNotListed(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn().Do("POST", "/v1/auth/logout", nil).Expect(204)
		p.ann.SignIn()
		p.Clock.Advance(8 * 24 * time.Hour)
		c := p.ann.SignIn()
		if page := sessionsAt(c, "/v1/me/sessions"); len(page.Items) != 1 || !page.Items[0].Current {
			t.Errorf("%+v", page)
		}
	})
}

func TestOwnSessionsWarnOfReuseForThirtyDays(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		first := p.refreshCookie(t)
		p.refreshed(t, p.refreshed(t, first))
		expect(t, p.post("/v1/auth/refresh", "", abroad, "Cookie", first), 401, "")

		page := sessionsAt(c, "/v1/me/sessions")
		if len(page.Items) != 1 || len(page.Warnings) != 1 {
			t.Fatalf("%+v", page)
		}
		if w := page.Warnings[0]; w.Reason != "reuse" || w.Session != strings.Split(first, ".")[1] || w.Address != office || w.Time.IsZero() {
			t.Errorf("%+v", w)
		}
		if len(sessionsAt(p.admin.SignIn(), "/v1/me/sessions").Warnings) > 0 {
			t.Error("somebody else is warned")
		}
		p.Clock.Advance(31 * 24 * time.Hour)
		if len(sessionsAt(p.ann.SignIn(), "/v1/me/sessions").Warnings) > 0 {
			t.Error("the warning never ends")
		}
	})
}

func TestSessionsOfOthersNeedThePermission(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn()
		path := "/v1/users/" + p.ann.ID + "/sessions"
		p.acme.NewUser("bob", nil, "agent").SignIn().Do("GET", path, nil).Refused(403, "no_permission")
		auditor := p.acme.NewUser("auditor", nil, "auditor").SignIn()
		if page := sessionsAt(auditor, path); len(page.Items) != 1 || page.Items[0].Current {
			t.Errorf("%+v", page)
		}
		auditor.Do("DELETE", path, nil).Refused(403, "no_permission") // who reads does not end
	})
}

func TestSessionsAreSeenWithinADepartment(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		here, there := p.acme.NewDepartment("here", ""), p.acme.NewDepartment("there", "")
		clerk := p.acme.NewUser("clerk", []string{here})
		p.set(t, p.acme.ID, `UPDATE users SET permission_list = $3 WHERE tenant_id = $1 AND id = $2`, clerk.ID,
			`["session:read:department","session:revoke:department"]`)
		c := clerk.SignIn()
		near, far := p.acme.NewUser("near", []string{here}), p.acme.NewUser("far", []string{there})
		nearClient, farClient := near.SignIn(), far.SignIn()
		c.Do("GET", "/v1/users/"+near.ID+"/sessions", nil).Expect(200)
		c.Do("GET", "/v1/users/"+far.ID+"/sessions", nil).Refused(404, "not_found")
		c.Do("DELETE", "/v1/users/"+near.ID+"/sessions", nil).Expect(204)
		c.Do("DELETE", "/v1/users/"+far.ID+"/sessions", nil).Refused(404, "not_found")
		nearClient.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		farClient.Do("GET", "/v1/me", nil).Expect(200)
	})
}
