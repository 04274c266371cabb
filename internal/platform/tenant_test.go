package platform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

type object = map[string]any

// ground is a platform with an administrator and two tenants.
type ground struct {
	s          *servertest.Server
	t          *testing.T
	root       *servertest.Client
	acme, beta *servertest.Tenant
}

func newGround(t *testing.T, s *servertest.Server) *ground {
	return &ground{
		s: s, t: t,
		root: s.PlatformTenant().NewUser("root", nil, "platform_admin").SignIn(),
		acme: s.NewTenant("acme", "it-desk"), beta: s.NewTenant("beta", "business"),
	}
}

func (g *ground) path(rest string) string { return "/v1/platform/tenants/" + g.acme.ID + rest }

var why = object{"reason": "they stopped paying"}

// slugs are those of the tenants on a page.
func slugs(a *servertest.Answer) string {
	var page struct{ Items []struct{ Slug string } }
	a.Expect(200).Into(&page)
	var list []string
	for _, item := range page.Items {
		list = append(list, item.Slug)
	}
	return strings.Join(list, " ")
}

func TestTheListShowsFiguresAndNoContent(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		ann := g.acme.NewUser("ann-secretive", nil, "admin").SignIn()
		bob := g.acme.NewUser("bob", nil)
		ann.Do("POST", "/v1/users/"+bob.ID+"/disable", nil).Expect(200)
		list := g.root.Do("GET", "/v1/platform/tenants", nil).Expect(200)
		var page struct {
			Items []struct {
				Slug    string
				Figures struct {
					Users        int     `json:"users"`
					ActiveUsers  int     `json:"active_users"`
					Sessions     int     `json:"sessions"`
					LastSignInAt *string `json:"last_sign_in_at"`
				}
			}
		}
		list.Into(&page)
		if len(page.Items) != 2 {
			t.Fatalf("%d tenants: %s", len(page.Items), list.Body)
		}
		acme, beta := page.Items[0].Figures, page.Items[1].Figures
		if acme.Users != 2 || acme.ActiveUsers != 1 || acme.Sessions != 1 || acme.LastSignInAt == nil {
			t.Errorf("acme has %+v", acme)
		}
		if beta.Users != 0 || beta.Sessions != 0 || beta.LastSignInAt != nil {
			t.Errorf("beta has %+v", beta)
		}
		if strings.Contains(string(list.Body), "ann-secretive") {
			t.Errorf("content of a tenant is in %s", list.Body)
		}
		ann.Do("POST", "/v1/auth/logout", nil).Expect(204)
		if one := g.root.Do("GET", g.path(""), nil).Expect(200); one.Value("figures", "sessions") != 0.0 || one.ETag() == "" {
			t.Errorf("after the sign-out: %s", one.Body)
		}
	})
}

func TestTenantsAreSearchedSortedAndPaged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		for _, n := range []object{
			{"slug": "zeta", "name": "Ａcme Überbau", "preset": "it-desk"}, {"slug": "alpha", "name": "客服中心", "preset": "contact-center"},
		} {
			n["locale"], n["time_zone"], n["admin"] = "en", "UTC", "zhou"
			g.root.Do("POST", "/v1/platform/tenants", n).Expect(201)
			s.Clock.Advance(time.Second)
		}
		g.root.Do("POST", g.path("/suspend"), why).Expect(200)
		for query, want := range map[string]string{
			"":                             "acme alpha beta zeta",
			"?sort=-slug":                  "zeta beta alpha acme",
			"?sort=name":                   "acme zeta beta alpha",
			"?sort=-created_at":            "alpha zeta beta acme",
			"?q=ACME":                      "acme zeta",
			"?q=%C3%BCBER":                 "zeta",
			"?q=%E5%AE%A2%E6%9C%8D":        "alpha",
			"?q=%25":                       "",
			"?status=suspended":            "acme",
			"?status=active&q=a&limit=200": "alpha beta zeta",
		} {
			if got := slugs(g.root.Do("GET", "/v1/platform/tenants"+query, nil)); got != want {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
		for _, sort := range []string{"slug", "-slug", "name", "-created_at"} {
			var paged []string
			cursor := ""
			for more := true; more; more = cursor != "" {
				page := g.root.Do("GET", "/v1/platform/tenants?limit=1&sort="+sort+cursor, nil)
				paged = append(paged, slugs(page))
				if cursor = page.String("next"); cursor != "" {
					cursor = "&cursor=" + cursor
				}
			}
			if whole := slugs(g.root.Do("GET", "/v1/platform/tenants?sort="+sort, nil)); strings.Join(paged, " ") != whole {
				t.Errorf("by %s the pages hold %v, the list %s", sort, paged, whole)
			}
		}
		g.root.Do("GET", "/v1/platform/tenants?sort=users", nil).Refused(422, "invalid_request")
		g.root.Do("GET", "/v1/platform/tenants?cursor=x", nil).Refused(422, "bad_cursor")
	})
}

func TestANewTenantsFirstAdministratorComesInByALink(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		made := g.root.Do("POST", "/v1/platform/tenants", object{
			"slug": "gamma", "name": "Gamma", "preset": "contact-center", "locale": "zh-CN", "time_zone": "Asia/Shanghai", "admin": "zhou",
		}).Expect(201)
		if made.String("tenant", "status") != "active" || made.Value("tenant", "figures", "users") != 1.0 {
			t.Errorf("made %s", made.Body)
		}
		stranger := s.Client()
		stranger.Do("POST", "/v1/auth/links/redeem", object{"link": made.String("link"), "password": "seven purple lamps on the roof"}).Expect(200)
		got := trailOf(g, made.String("tenant", "id"))
		if len(got) != 2 || got[0] != "tenant.create by platform" || got[1] != "password_link.redeem by anonymous" {
			t.Errorf("the tenant's trail has %v", got)
		}
		if !slices.Contains(trailOf(g, "platform"), "tenant.create by platform") {
			t.Errorf("the platform's trail has %v", trailOf(g, "platform"))
		}
	})
}

func TestCreationOfATenantRefuses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		good := object{"slug": "gamma", "name": "Gamma", "preset": "it-desk", "locale": "en", "time_zone": "UTC", "admin": "zhou"}
		for field, bad := range map[string][]any{
			"slug":      {"", "Gamma", "platform", "g", 7, strings.Repeat("g", 40)},
			"name":      {"", " ", "a\tb"},
			"preset":    {"", "platform", "none"},
			"locale":    {"fr"},
			"time_zone": {"", "Local", "Mars"},
			"admin":     {"", "a\u200bb", strings.Repeat("a", 65)},
		} {
			for _, value := range bad {
				body := object{}
				for k, v := range good {
					body[k] = v
				}
				body[field] = value
				refused := g.root.Do("POST", "/v1/platform/tenants", body).Refused(422, "invalid_request")
				if !strings.Contains(string(refused.Body), `"location":"body.`+field) {
					t.Errorf("%s %v: %s", field, value, refused.Body)
				}
			}
		}
		good["slug"] = "acme"
		g.root.Do("POST", "/v1/platform/tenants", good).Refused(409, "slug_taken")
		if left := slugs(g.root.Do("GET", "/v1/platform/tenants", nil)); left != "acme beta" {
			t.Errorf("after refusals there are %s", left)
		}
	})
}

func TestATenantIsRenamedFromOutside(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		etag := g.root.Do("GET", g.path(""), nil).ETag()
		g.root.Do("PATCH", g.path(""), object{"name": "Acme & Sons"}).Refused(428, "version_required")
		changed := g.root.Do("PATCH", g.path(""), object{"name": " Acme & Sons ", "time_zone": "UTC"}, "If-Match", etag).Expect(200)
		if changed.String("name") != "Acme & Sons" || changed.String("time_zone") != "UTC" || changed.String("slug") != "acme" {
			t.Errorf("changed to %s", changed.Body)
		}
		g.root.Do("PATCH", g.path(""), object{"name": "x"}, "If-Match", etag).Refused(412, "stale_version")
		etag = changed.ETag()
		for _, body := range []object{{"name": ""}, {"name": " "}, {"locale": "fr"}, {"time_zone": "Moon"}, {"slug": "other"}, {"status": "suspended"}, {"default_role": "admin"}} {
			g.root.Do("PATCH", g.path(""), body, "If-Match", etag).Refused(422, "invalid_request")
		}
		admin := g.acme.NewUser("ann", nil, "admin").SignIn()
		if seen := admin.Do("GET", "/v1/settings", nil).Expect(200); seen.String("name") != "Acme & Sons" || seen.ETag() != etag {
			t.Errorf("the tenant sees %s", seen.Body)
		}
	})
}

// What does not exist, and the platform itself, is answered alike.
func TestThePlatformIsNoTenantOfItsOwn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		for _, id := range []string{"platform", "01900000-0000-7000-8000-000000000000", "*", "acme", "%2A"} {
			path := "/v1/platform/tenants/" + id
			g.root.Do("GET", path, nil).Refused(404, "not_found")
			g.root.Do("PATCH", path, object{"name": "x"}, "If-Match", `"1"`).Refused(404, "not_found")
			g.root.Do("POST", path+"/suspend", why).Refused(404, "not_found")
			g.root.Do("POST", path+"/resume", why).Refused(404, "not_found")
		}
		g.root.Do("GET", "/v1/me", nil).Expect(200)
	})
}

func TestNobodyElseReachesTenants(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		g.root.Do("POST", "/v1/roles", object{"name": "viewer", "permissions": []string{"tenant:read"}}).Expect(201)
		clients := map[string]*servertest.Client{
			"an administrator of a tenant": g.acme.NewUser("ann", nil, "admin").SignIn(),
			"a viewer":                     s.PlatformTenant().NewUser("viewer", nil, "viewer").SignIn(),
			"platform staff without roles": s.PlatformTenant().NewUser("idle", nil).SignIn(),
		}
		for who, c := range clients {
			for _, call := range [][2]string{
				{"POST", "/v1/platform/tenants"}, {"PATCH", g.path("")}, {"POST", g.path("/suspend")}, {"POST", g.path("/resume")},
			} {
				body := object{"slug": "x", "name": "x", "preset": "it-desk", "locale": "en", "time_zone": "UTC", "admin": "x", "reason": "x"}
				if a := c.Do(call[0], call[1], body, "If-Match", `"1"`); a.Code() != "no_permission" {
					t.Errorf("%s, %s: %d %s", who, call, a.Status, a.Body)
				}
			}
			want := "no_permission"
			if who == "a viewer" {
				want = ""
			}
			for _, path := range []string{"/v1/platform/tenants", g.path("")} {
				if a := c.Do("GET", path, nil); a.Code() != want {
					t.Errorf("%s, %s: %d %s", who, path, a.Status, a.Body)
				}
			}
		}
	})
}

func TestASuspendedTenantIsDeniedEveryCredential(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		user := g.acme.NewUser("ann", nil, "admin")
		ann, other := user.SignIn(), g.beta.NewUser("other", nil, "admin").SignIn()
		link := ann.Do("POST", "/v1/users/"+g.acme.NewUser("bob", nil).ID+"/password-link", nil).Expect(201).String("link")
		waysIn := func(code string) {
			t.Helper()
			ann.Do("GET", "/v1/me", nil).Refused(401, code)
			ann.Do("GET", "/v1/catalogue", nil).Refused(401, code)
			ann.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
			s.Client().Do("POST", "/v1/auth/links/redeem", object{"link": link, "password": "seven purple lamps on the roof"}).Refused(422, "bad_link")
		}
		g.root.Do("POST", g.path("/suspend"), why).Expect(200)
		waysIn("session_ended")
		credentials := object{"tenant": "acme", "username": "ann", "password": servertest.Password}
		s.Client().Do("POST", "/v1/auth/login", credentials).Refused(401, "bad_credentials")
		other.Do("GET", "/v1/me", nil).Expect(200)
		g.root.Do("POST", g.path("/suspend"), why).Expect(200) // again: an emergency is told nothing of state
		if one := g.root.Do("POST", g.path("/resume"), why).Expect(200); one.String("status") != "active" || one.Value("figures", "sessions") != 0.0 {
			t.Errorf("resumed: %s", one.Body)
		}
		waysIn("session_ended") // what ended stays ended
		user.SignIn().Do("GET", "/v1/me", nil).Expect(200)
	})
}

func TestASuspensionIsOnBothRecordsWithItsReason(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		for _, bad := range []any{object{}, object{"reason": " "}, object{"reason": "…"}, object{"reason": "a\nb"}, object{"reason": strings.Repeat("a", 501)}, nil} {
			g.root.Do("POST", g.path("/suspend"), bad).Refused(422, "invalid_request")
		}
		suspended := g.root.Do("POST", g.path("/suspend"), why).Expect(200)
		resumed := g.root.Do("POST", g.path("/resume"), why).Expect(200)
		ann := g.acme.NewUser("ann", nil, "admin").SignIn()
		for event, id := range map[string]string{"tenant.suspend": suspended.Header.Get("Audit-Record"), "tenant.resume": resumed.Header.Get("Audit-Record")} {
			for who, c := range map[string]*servertest.Client{"the tenant": ann, "the platform": g.root} {
				var page struct {
					Items []struct {
						ID       string
						Personal map[string]string
						Record   struct{ Actor struct{ Type string } }
					}
				}
				c.Do("GET", "/v1/audit/records?outcome=success&event="+event, nil).Expect(200).Into(&page)
				if len(page.Items) != 1 || page.Items[0].ID != id || page.Items[0].Record.Actor.Type != "platform" ||
					!slices.Contains(values(page.Items[0].Personal), "they stopped paying") {
					t.Errorf("%s sees of %s: %+v", who, event, page.Items)
				}
			}
		}
	})
}

func values(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// trailOf tells each success in a tenant's trail, oldest first, as event and kind of actor.
func trailOf(g *ground, tenant string) (told []string) {
	g.t.Helper()
	for _, r := range recordsOf(g, tenant) {
		if r.Outcome.Result == "success" {
			told = append(told, fmt.Sprint(r.Action.Event, " by ", r.Actor.Type))
		}
	}
	return told
}

func TestAFirstAdministratorWhoNeverCameGetsAnotherLink(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		made := g.root.Do("POST", "/v1/platform/tenants", object{
			"slug": "gamma", "name": "Gamma", "preset": "it-desk", "locale": "en", "time_zone": "UTC", "admin": "zhou",
		}).Expect(201)
		path := "/v1/platform/tenants/" + made.String("tenant", "id")
		renewed := g.root.Do("POST", path+"/first-link", nil).Expect(201)
		if renewed.String("admin") != made.String("admin") {
			t.Errorf("the link is for %s", renewed.String("admin"))
		}
		redeem := func(link string) *servertest.Answer {
			return s.Client().Do("POST", "/v1/auth/links/redeem", object{"link": link, "password": chosen})
		}
		redeem(made.String("link")).Refused(422, "bad_link")
		g.root.Do("POST", path+"/suspend", why).Expect(200)
		g.root.Do("POST", path+"/first-link", nil).Refused(409, "suspended_tenant")
		g.root.Do("POST", path+"/resume", why).Expect(200)
		redeem(renewed.String("link")).Refused(422, "bad_link") // what ended stays ended
		redeem(g.root.Do("POST", path+"/first-link", nil).Expect(201).String("link")).Expect(200)
		g.root.Do("POST", path+"/first-link", nil).Refused(409, "first_link_redeemed")
		g.root.Do("POST", "/v1/platform/tenants/platform/first-link", nil).Refused(404, "not_found")
	})
}

func TestThePlatformSaysHowLongVisitsLast(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGround(t, s)
		const path = "/v1/platform/settings"
		before := g.root.Do("GET", path, nil).Expect(200)
		if before.Value("visit_minutes") != 60.0 {
			t.Errorf("it begins with %s", before.Body)
		}
		for _, bad := range []object{{"visit_minutes": 0}, {"visit_minutes": 481}, {"visit_minutes": "60"}, {"colour": "red"}} {
			g.root.Do("PATCH", path, bad, "If-Match", before.ETag()).Refused(422, "invalid_request")
		}
		g.root.Do("PATCH", path, object{"visit_minutes": 480}).Refused(428, "version_required")
		after := g.root.Do("PATCH", path, object{"visit_minutes": 480}, "If-Match", before.ETag()).Expect(200)
		g.root.Do("PATCH", path, object{"visit_minutes": 10}, "If-Match", before.ETag()).Refused(412, "stale_version")
		g.root.Do("PATCH", path, object{}, "If-Match", after.ETag()).Expect(200)
		g.root.Do("POST", g.path("/enter"), object{"reason": "a long night", "minutes": 481}).Refused(422, "invalid_request")
		visit := g.root.Do("POST", g.path("/enter"), object{"reason": "a long night", "minutes": 480}).Expect(200)
		if visit.Value("expires_in") != 7200.0 {
			t.Errorf("a token lives for %v", visit.Value("expires_in"))
		}
		g.acme.NewUser("ann", nil, "admin").SignIn().Do("GET", path, nil).Refused(403, "no_permission")
	})
}
