package session_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

type signInPage struct {
	Items []struct {
		ID, Outcome, Reason, Method, Address string
		Time                                 time.Time
		Tries                                int
		UserAgent                            string `json:"user_agent"`
	}
	Next *string
}

func TestSignInLogTellsEveryAttempt(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.signIn("acme", "ann", "not the right one")
		c := p.Client()
		c.Token = c.Do("POST", "/v1/auth/login", map[string]any{"username": "ann", "password": servertest.Password}, "User-Agent", "Browser/1").Expect(200).String("access_token")
		var page signInPage
		c.Do("GET", "/v1/me/sign-ins", nil).Expect(200).Into(&page)
		if len(page.Items) != 2 || page.Next != nil {
			t.Fatalf("%+v", page)
		}
		newest, oldest := page.Items[0], page.Items[1]
		if newest.Outcome != "success" || newest.Reason != "" || newest.UserAgent != "Browser/1" || newest.Address != "127.0.0.1" || newest.Method != "password" || newest.Tries != 1 {
			t.Errorf("%+v", newest)
		}
		if oldest.Outcome != "failure" || oldest.Reason != "wrong_password" || newest.Time.Before(oldest.Time) {
			t.Errorf("%+v", oldest)
		}
	})
}

func TestSignInLogHasPages(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		const attempts = 7
		var c *servertest.Client
		for range attempts {
			c = p.ann.SignIn()
		}
		p.admin.SignIn() // not ann's
		var ids []string
		for query := "?limit=3"; query != "" && len(ids) <= attempts; {
			var page signInPage
			c.Do("GET", "/v1/me/sign-ins"+query, nil).Expect(200).Into(&page)
			for _, item := range page.Items {
				ids = append(ids, item.ID)
			}
			query = ""
			if page.Next != nil {
				query = fmt.Sprintf("?limit=3&cursor=%s", *page.Next)
			}
		}
		backwards := func(a, b string) int { return strings.Compare(b, a) }
		if len(ids) != attempts || !slices.IsSortedFunc(ids, backwards) || len(slices.Compact(ids)) != attempts {
			t.Errorf("%v", ids)
		}
	})
}

func TestSignInLogKeepsLinesFor400Days(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		const day = 24 * time.Hour
		p.ann.SignIn()
		p.admin.SignIn()
		p.Clock.Advance(2 * day)
		p.ann.SignIn()
		p.Clock.Advance(399 * day)
		c := p.ann.SignIn()
		var page signInPage
		c.Do("GET", "/v1/me/sign-ins", nil).Expect(200).Into(&page)
		if len(page.Items) != 2 || page.Items[0].Time.Sub(page.Items[1].Time).Round(time.Hour) != 399*day {
			t.Errorf("the log has %+v", page.Items)
		}
		if all := p.texts(t, p.acme.ID, `SELECT l.id FROM sign_ins l WHERE l.tenant_id = $1`); len(all) != 2 {
			t.Errorf("there are %d lines", len(all))
		}
	})
}

func TestSignInLogOfOthersNeedsThePermission(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		auditor := p.acme.NewUser("auditor", nil, "auditor")
		of := func(user string) string { return "/v1/users/" + user + "/sign-ins" }
		agent := p.ann.SignIn()
		agent.Do("GET", of(p.admin.ID), nil).Refused(403, "no_permission")

		c := auditor.SignIn()
		var page signInPage
		c.Do("GET", of(p.ann.ID), nil).Expect(200).Into(&page)
		if len(page.Items) != 1 {
			t.Errorf("%+v", page)
		}
		never := c.Do("GET", of("01890000-0000-7000-8000-000000000000"), nil).Refused(404, "not_found")

		other := p.NewTenant("other", "it-desk").NewUser("bob", nil, "agent")
		other.SignIn()
		foreign := c.Do("GET", of(other.ID), nil).Refused(404, "not_found")
		if never.String("title") != foreign.String("title") || never.String("detail") != foreign.String("detail") {
			t.Errorf("%s and %s", never.Body, foreign.Body)
		}
	})
}

func TestOwnScopeOfTheTrailReachesOwnSignInsOnly(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.set(t, p.acme.ID, `UPDATE users SET permission_list = $3 WHERE tenant_id = $1 AND id = $2`, p.ann.ID, `["audit_log:read:own"]`)
		c := p.ann.SignIn()
		c.Do("GET", "/v1/users/"+p.ann.ID+"/sign-ins", nil).Expect(200)
		c.Do("GET", "/v1/users/"+p.admin.ID+"/sign-ins", nil).Refused(404, "not_found")
	})
}

// A tenant that does not exist has no users: a namesake among the platform's people is not meant.
func TestUnknownTenantMeansNobodyOfThePlatform(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		err := p.DB.Write(t.Context(), "platform", func(tx *store.Tx) error {
			_, err := p.Identity.Create(t.Context(), tx, identity.NewUser{Username: "olga"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p.signIn("nowhere", "olga", servertest.Password).Refused(401, "bad_credentials")
		about := p.texts(t, "platform", `SELECT coalesce(l.user_id, 'nobody') FROM sign_ins l WHERE l.tenant_id = $1`)
		if len(about) != 1 || about[0] != "nobody" {
			t.Errorf("the log says it was about %v", about)
		}
	})
}

// Headers may hold bytes that are no text.
func TestUserAgentMayBeAnything(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		body := `{"username":"ann","password":"` + servertest.Password + `"}`
		for _, agent := range []string{"caf\xe9 \xff\xfe", string(slices.Repeat([]byte("long "), 4000))} {
			expect(t, p.post("/v1/auth/login", body, office, "User-Agent", agent), 200, "")
			expect(t, p.post("/v1/auth/login", `{"username":"ann","password":"wrong"}`, office, "User-Agent", agent), 401, "")
		}
		for _, kept := range p.texts(t, p.acme.ID, `SELECT l.user_agent FROM sign_ins l WHERE l.tenant_id = $1`) {
			if len(kept) > 256 {
				t.Errorf("kept %d bytes", len(kept))
			}
		}
	})
}
