package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

const fresh = "seven purple lamps on the roof"

// link makes a link for the user over HTTP.
func (d *desk) link(id string) string {
	d.t.Helper()
	return d.admin.Do("POST", "/v1/users/"+id+"/password-link", nil).Expect(201).String("link")
}

func (d *desk) redeem(link, password string) *servertest.Answer {
	d.t.Helper()
	return d.s.Client().Do("POST", "/v1/auth/links/redeem", map[string]any{"link": link, "password": password})
}

func (d *desk) login(username, password string) *servertest.Answer {
	d.t.Helper()
	return d.s.Client().Do("POST", "/v1/auth/login", map[string]any{"tenant": "acme", "username": username, "password": password})
}

func TestALinkGivesAPasswordOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		id := d.admin.Do("POST", "/v1/users", `{"username":"newcomer"}`).Expect(201).String("id")
		d.login("newcomer", fresh).Refused(401, "bad_credentials")
		link := d.link(id)
		if !strings.HasPrefix(link, s.URL+"/link#"+d.ID+".") {
			t.Errorf("the link is %s", link)
		}
		for _, weak := range []string{"short", "newcomer newcomer", strings.Repeat("long ", 15), "passwordpassword"} {
			d.redeem(link, weak).Refused(422, "weak_password")
		}
		redeemed := d.redeem(link, fresh).Expect(200)
		if redeemed.String("username") != "newcomer" || redeemed.String("tenant") != "acme" {
			t.Errorf("redeemed: %s", redeemed.Body)
		}
		d.login("newcomer", fresh).Expect(200)
		d.redeem(link, fresh+"!").Refused(422, "bad_link")
		if d.read(id).Value("has_password") != true {
			t.Error("the user has no password")
		}
	})
}

func TestALinkEndsTheSessionsOfItsUser(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		ann := d.ann.SignIn()
		link := d.link(d.ann.ID)
		ann.Do("GET", "/v1/me", nil).Expect(200)
		_, secret, _ := strings.Cut(link, "#")
		d.redeem(secret, fresh).Expect(200)
		ann.Do("GET", "/v1/me", nil).Expect(401)
		d.login("ann", servertest.Password).Refused(401, "bad_credentials")
	})
}

// Whoever has got hold of somebody's link still lacks the second factor.
func TestALinkNeverTouchesTheSecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		d.enrol(d.bob.ID)
		d.redeem(d.link(d.bob.ID), fresh).Expect(200)
		if d.read(d.bob.ID).Value("second_factor") != true {
			t.Error("the second factor is gone")
		}
		d.login("bob", fresh).Refused(401, "mfa_required")
	})
}

func TestOnlyTheNewestLinkCounts(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		older, other := d.link(d.ann.ID), d.link(d.bob.ID)
		newer := d.link(d.ann.ID)
		d.redeem(older, fresh).Refused(422, "bad_link")
		d.redeem(newer, fresh).Expect(200)
		d.redeem(other, fresh).Expect(200)
	})
}

// A request that was let in by yesterday's policy, so to speak, is decided by today's.
func TestALinkIsMadeByWhoMayMakeItWhenItIsMade(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		idle := d.NewUser("idle", nil)
		helper := d.somebody("helper", nil, "user:read:all", "user:reset_credentials:all")
		path := "/v1/users/" + idle.ID + "/password-link"
		helper.Do("POST", path, nil).Expect(201)
		d.lose(t, "role_of_helper")
		helper.Do("POST", path, nil).Refused(404, "not_found")
	})
}

// lose takes a role from everybody, by a commit that this program has not yet heard of.
func (d *desk) lose(t *testing.T, role string) {
	t.Helper()
	err := d.s.DB.Write(t.Context(), d.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(t.Context(), tx); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `
			DELETE FROM role_assignments
			WHERE tenant_id = $1 AND role = $2`, role)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestALinkExpires(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		ann, bob := d.link(d.ann.ID), d.link(d.bob.ID)
		s.Clock.Advance(71*time.Hour + 59*time.Minute)
		d.redeem(ann, fresh).Expect(200)
		s.Clock.Advance(2 * time.Minute)
		d.redeem(bob, fresh).Refused(422, "bad_link")
	})
}

func TestALinkDiesWithItsUsersSignIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		ann, bob, eve := d.link(d.ann.ID), d.link(d.bob.ID), d.link(d.eve.ID)
		d.admin.Do("POST", "/v1/users/"+d.ann.ID+"/disable", nil).Expect(200)
		d.redeem(ann, fresh).Refused(422, "bad_link")
		d.admin.Do("POST", "/v1/users/"+d.ann.ID+"/password-link", nil).Refused(409, "user_disabled")
		d.admin.Do("POST", "/v1/users/"+d.ann.ID+"/enable", nil).Expect(200)
		d.redeem(ann, fresh).Refused(422, "bad_link")
		d.delete(d.admin, d.bob.ID).Expect(204)
		d.redeem(bob, fresh).Refused(422, "bad_link")
		d.redeem(eve, fresh).Expect(200)
	})
}

// Whatever is wrong with a link, the answer is the same.
func TestABadLinkTellsNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		beta := s.NewTenant("beta", "it-desk")
		link := d.link(d.ann.ID)
		head, token, _ := strings.Cut(link, "#")
		part := strings.Split(token, ".")
		never := "0198c0de-0000-7000-8000-000000000000"
		wrong := "A" + part[2][1:]
		if wrong == part[2] {
			wrong = "B" + part[2][1:]
		}
		want := ""
		for _, bad := range []string{
			head + "#" + strings.Join([]string{beta.ID, part[1], part[2]}, "."),
			head + "#" + strings.Join([]string{never, part[1], part[2]}, "."),
			head + "#" + strings.Join([]string{"platform", part[1], part[2]}, "."),
			head + "#" + strings.Join([]string{"*", part[1], part[2]}, "."),
			head + "#" + strings.Join([]string{part[0], never, part[2]}, "."),
			head + "#" + strings.Join([]string{part[0], part[1], wrong}, "."),
			head + "#" + strings.Join([]string{part[0], part[1], ""}, "."),
			link + "x", part[2], "x", "#", "..", strings.Repeat("é", 1000),
		} {
			refused := d.redeem(bad, fresh).Refused(422, "bad_link")
			text := strings.ReplaceAll(string(refused.Body), refused.String("request"), "")
			if want == "" {
				want = text
			}
			if text != want {
				t.Errorf("%.90s is told %s, others %s", bad, text, want)
			}
		}
		d.redeem(link, fresh).Expect(200)
	})
}

func TestARedeemOfTwoAtOnceGivesOnePassword(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		link := d.link(d.ann.ID)
		answers := make(chan *servertest.Answer)
		passwords := []string{fresh + " one", fresh + " two"}
		for _, password := range passwords {
			go func() { answers <- d.redeem(link, password) }()
		}
		good := 0
		for range passwords {
			switch a := <-answers; {
			case a.Status == 200:
				good++
			case a.Code() != "bad_link":
				t.Errorf("one of two: %d %s", a.Status, a.Body)
			}
		}
		if good != 1 {
			t.Errorf("%d of two were redeemed", good)
		}
	})
}

func TestRedeemingIsNotForOtherSites(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		body := map[string]any{"link": d.link(d.ann.ID), "password": fresh}
		s.Client().Do("POST", "/v1/auth/links/redeem", body, "Origin", "https://evil.example").Refused(403, "foreign_origin")
		s.Client().Do("POST", "/v1/auth/links/redeem", body, "Origin", s.URL).Expect(200)
	})
}

func TestRedeemingTakesLinkAndPassword(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		for _, body := range []string{`{}`, `{"link":"x"}`, `{"link":7,"password":"x"}`, `{"link":"","password":"x"}`, `{"link":"x","password":"y","user":"z"}`} {
			refused := s.Client().Do("POST", "/v1/auth/links/redeem", body).Refused(422, "invalid_request")
			if strings.Contains(string(refused.Body), `"value"`) {
				t.Errorf("the refusal repeats what was sent: %s", refused.Body)
			}
		}
	})
}
