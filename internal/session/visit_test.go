package session_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

type fields = map[string]any

// visitors is a program whose platform has an administrator.
type visitors struct {
	*program
	root *servertest.User
	home *servertest.Client // of root, on the platform
}

func eachVisitors(t *testing.T, f func(t *testing.T, v *visitors)) {
	t.Helper()
	eachProgram(t, func(t *testing.T, p *program) {
		v := &visitors{program: p, root: p.PlatformTenant().NewUser("helper", nil, "platform_admin")}
		v.home = v.root.SignIn()
		f(t, v)
	})
}

// door is the path of an operation on acme.
func (v *visitors) door(rest string) string { return "/v1/platform/tenants/" + v.acme.ID + rest }

// visitItem is a visit as the tenant's administrators see it.
type visitItem struct {
	ID        string
	Visitor   struct{ ID, Username, Name string }
	Reason    string
	Write     bool
	Active    bool
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	EndedAt   *time.Time `json:"ended_at"`
	EndReason string     `json:"end_reason"`
}

func (v *visitors) list(c *servertest.Client) []visitItem {
	var page struct{ Items []visitItem }
	c.Do("GET", "/v1/visits", nil).Expect(200).Into(&page)
	return page.Items
}

func TestAVisitReadsWhatTheTenantHas(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		entered := v.home.Do("POST", v.door("/enter"), fields{"reason": " ticket 4711 "}).Expect(200)
		if len(entered.Header.Values("Set-Cookie")) != 0 || strings.Contains(string(entered.Body), "refresh_token") {
			t.Errorf("a visit has a refresh token: %s", entered.Body)
		}
		if entered.Value("expires_in") != 3600.0 || entered.Value("visit", "write") != false {
			t.Errorf("entered: %s", entered.Body)
		}
		inside := v.Client()
		inside.Token = entered.String("access_token")
		for _, path := range []string{
			"/v1/users", "/v1/users/" + v.ann.ID, "/v1/users/" + v.ann.ID + "/roles", "/v1/users/" + v.ann.ID + "/access", "/v1/roles", "/v1/departments",
			"/v1/settings", "/v1/audit/records", "/v1/visits", "/v1/catalogue", "/v1/users/" + v.ann.ID + "/sessions",
		} {
			inside.Do("GET", path, nil).Expect(200)
		}
		inside.Do("POST", "/v1/access/check", fields{"subject": v.ann.ID, "action": "read", "object": fields{"resource": "conversation"}}).Expect(200)
		for _, path := range []string{"/v1/me", "/v1/me/sessions", "/v1/me/sign-ins"} {
			inside.Do("GET", path, nil).Refused(403, "visitor_is_nobody")
		}
		inside.Do("POST", "/v1/users/"+v.ann.ID+"/disable", nil).Refused(403, "visit_reads_only")
		v.home.Do("GET", "/v1/me", nil).Expect(200)
	})
}

func TestTheTokenOfAVisitSaysWhoActs(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		inside := v.home.Enter(v.acme, true)
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(inside.Token, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var claims struct {
			TenantID string `json:"tenant_id"`
			Act      struct {
				Sub      string
				TenantID string `json:"tenant_id"`
				Write    bool
			}
		}
		if err := json.Unmarshal(payload, &claims); err != nil {
			t.Fatal(err)
		}
		if claims.TenantID != v.acme.ID || claims.Act.Sub != v.root.ID || claims.Act.TenantID != "platform" || !claims.Act.Write {
			t.Errorf("the token says %s", payload)
		}
	})
}

func TestAVisitIsOnBothRecords(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		inside := v.home.Enter(v.acme, false)
		inside.Do("GET", "/v1/users", nil).Expect(200)
		inside.Do("POST", v.door("/leave"), nil).Expect(204)
		for _, event := range []string{"tenant.enter", "tenant.leave"} {
			ours, theirs := v.records(t, v.acme.ID, event), v.records(t, "platform", event)
			if len(ours) != 1 || len(theirs) != 1 || ours[0].ID != theirs[0].ID {
				t.Fatalf("%s: %d records in the tenant, %d on the platform", event, len(ours), len(theirs))
			}
			who := ours[0].Actor
			if who.Type != "platform" || who.ID != v.root.ID || who.For == nil || who.For.Type != "tenant" || who.For.ID != v.acme.ID {
				t.Errorf("%s was done by %+v", event, who)
			}
		}
		read := v.records(t, v.acme.ID, "user.list")
		if len(read) != 1 || read[0].Actor.Type != "platform" || read[0].Actor.For == nil || len(v.records(t, "platform", "user.list")) != 0 {
			t.Errorf("what was done inside is recorded as %+v", read)
		}
	})
}

func TestATenantSeesWhoVisitsIt(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		admin := v.admin.SignIn()
		if none := v.list(admin); len(none) != 0 {
			t.Errorf("before any visit there are %+v", none)
		}
		v.home.Enter(v.acme, true)
		v.home.Enter(v.NewTenant("beta", "business"), false)
		seen := v.list(admin)
		if len(seen) != 1 {
			t.Fatalf("%d visits", len(seen))
		}
		one := seen[0]
		if one.Visitor.ID != v.root.ID || one.Visitor.Username != "helper" || one.Reason != "somebody asked for help" || !one.Write || !one.Active ||
			one.ExpiresAt.Sub(one.CreatedAt) != time.Hour || one.EndedAt != nil {
			t.Errorf("the administrator sees %+v", one)
		}
		v.home.Do("POST", v.door("/leave"), nil).Expect(204)
		if one = v.list(admin)[0]; one.Active || one.EndedAt == nil || one.EndReason != "left" {
			t.Errorf("afterwards: %+v", one)
		}
		v.home.Enter(v.acme, false)
		page := admin.Do("GET", "/v1/visits?limit=1", nil).Expect(200)
		if rest := admin.Do("GET", "/v1/visits?limit=1&cursor="+page.String("next"), nil); !strings.Contains(string(rest.Body), one.ID) {
			t.Errorf("the second page holds %s", rest.Body)
		}
		v.ann.SignIn().Do("GET", "/v1/visits", nil).Refused(403, "no_permission")
	})
}

// Whatever a visit hangs on, it ends with it, at the next request, for good.
func TestAVisitEndsWithWhatItHangsOn(t *testing.T) {
	for cause, end := range map[string]struct {
		code, shown string
		do          func(t *testing.T, v *visitors, inside *servertest.Client)
	}{
		"leaving, from inside": {"session_ended", "left", func(t *testing.T, v *visitors, inside *servertest.Client) {
			inside.Do("POST", v.door("/leave"), nil).Expect(204)
		}},
		"leaving, from the platform": {"session_ended", "left", func(t *testing.T, v *visitors, _ *servertest.Client) {
			v.home.Do("POST", v.door("/leave"), nil).Expect(204)
		}},
		"its hour": {"token_expired", "", func(t *testing.T, v *visitors, _ *servertest.Client) {
			v.Clock.Advance(time.Hour + 31*time.Second)
		}},
		"a sign-out": {"session_ended", "platform_session_ended", func(t *testing.T, v *visitors, _ *servertest.Client) {
			v.home.Do("POST", "/v1/auth/logout", nil).Expect(204)
		}},
		"a session ended from elsewhere": {"session_ended", "platform_session_ended", func(t *testing.T, v *visitors, _ *servertest.Client) {
			v.root.SignIn().Do("DELETE", "/v1/me/sessions", nil).Expect(204)
		}},
		"a disabled visitor": {"session_ended", "platform_session_ended", func(t *testing.T, v *visitors, _ *servertest.Client) {
			other := v.PlatformTenant().NewUser("other", nil, "platform_admin").SignIn()
			other.Do("POST", "/v1/users/"+v.root.ID+"/disable", nil).Expect(200)
			other.Do("POST", "/v1/users/"+v.root.ID+"/enable", nil).Expect(200)
		}},
		"a changed password": {"session_ended", "platform_session_ended", func(t *testing.T, v *visitors, _ *servertest.Client) {
			v.home.Do("POST", "/v1/auth/password", fields{"current": servertest.Password, "new": "seven purple lamps on the roof"}).Expect(200)
		}},
		"a second factor taken away": {"session_ended", "platform_session_ended", func(t *testing.T, v *visitors, _ *servertest.Client) {
			other := v.PlatformTenant().NewUser("other", nil, "platform_admin").SignIn()
			other.Do("POST", "/v1/users/"+v.root.ID+"/second-factor/reset", nil).Expect(200)
		}},
		"a lost role": {"session_ended", "role_lost", func(t *testing.T, v *visitors, inside *servertest.Client) {
			other := v.PlatformTenant().NewUser("other", nil, "platform_admin").SignIn()
			roles := "/v1/users/" + v.root.ID + "/roles"
			other.Do("PUT", roles, fields{"roles": []string{}}, "If-Match", other.Do("GET", roles, nil).ETag()).Expect(200)
			inside.Do("GET", "/v1/users", nil).Refused(401, "session_ended")
			other.Do("PUT", roles, fields{"roles": []string{"platform_admin"}}, "If-Match", other.Do("GET", roles, nil).ETag()).Expect(200)
		}},
		"a suspended tenant": {"session_ended", "tenant_suspended", func(t *testing.T, v *visitors, inside *servertest.Client) {
			v.home.Do("POST", v.door("/suspend"), fields{"reason": "a drill"}).Expect(200)
			inside.Do("GET", "/v1/users", nil).Refused(401, "session_ended")
			v.home.Do("POST", v.door("/resume"), fields{"reason": "a drill"}).Expect(200)
		}},
	} {
		t.Run(cause, func(t *testing.T) {
			eachVisitors(t, func(t *testing.T, v *visitors) {
				inside := v.home.Enter(v.acme, true)
				inside.Do("GET", "/v1/users", nil).Expect(200)
				end.do(t, v, inside)
				inside.Do("GET", "/v1/users", nil).Refused(401, end.code)
				inside.Do("POST", v.door("/renew"), nil).Refused(401, end.code)
				inside.Do("GET", "/v1/me", nil).Refused(401, end.code)
				if one := v.list(v.admin.SignIn())[0]; one.Active || one.EndReason != end.shown {
					t.Errorf("the tenant sees %+v", one)
				}
			})
		})
	}
}

func TestEnteringRefuses(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		good := fields{"reason": "somebody asked for help"}
		for _, bad := range []any{
			fields{}, fields{"reason": ""}, fields{"reason": " … "}, fields{"reason": "a\tb"}, fields{"reason": strings.Repeat("a", 501)},
			fields{"reason": "x", "minutes": 0}, fields{"reason": "x", "minutes": 61}, fields{"reason": "x", "minutes": 481}, fields{"reason": "x", "write": "yes"}, nil,
		} {
			v.home.Do("POST", v.door("/enter"), bad).Refused(422, "invalid_request")
		}
		for _, id := range []string{"platform", "01900000-0000-7000-8000-000000000000", "*", "acme"} {
			for _, what := range []string{"/enter", "/leave", "/renew"} {
				v.home.Do("POST", "/v1/platform/tenants/"+id+what, good).Refused(404, "not_found")
			}
		}
		v.home.Do("POST", v.door("/leave"), nil).Refused(404, "not_found")
		admin, idle := v.admin.SignIn(), v.PlatformTenant().NewUser("idle", nil).SignIn()
		for _, c := range []*servertest.Client{admin, idle} {
			c.Do("POST", v.door("/enter"), good).Refused(403, "no_permission")
			c.Do("POST", v.door("/leave"), nil).Refused(404, "not_found")
			c.Do("POST", v.door("/renew"), nil).Refused(404, "not_found")
		}
		v.home.Do("POST", v.door("/suspend"), fields{"reason": "a drill"}).Expect(200)
		v.home.Do("POST", v.door("/enter"), good).Refused(409, "suspended_tenant")
		v.home.Do("POST", v.door("/resume"), fields{"reason": "a drill"}).Expect(200)
		if seen := v.list(v.admin.SignIn()); len(seen) != 0 {
			t.Errorf("refused visits are listed: %+v", seen)
		}
	})
}

func TestEnteringNeedsAFreshSecondFactor(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		why := fields{"reason": "somebody asked for help", "write": true}
		v.Clock.Advance(11 * time.Minute)
		v.home.Do("POST", v.door("/enter"), why).Refused(401, "step_up_required")
		v.home.StepUp()
		inside := v.home.Enter(v.acme, true)
		for _, path := range []string{"/v1/auth/step-up", "/v1/auth/password"} {
			inside.Do("POST", path, fields{"code": "000000", "current": "x", "new": "y"}).Refused(403, "visitor_is_nobody")
		}
	})
}

func TestAVisitStaysInItsTenant(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		beta := v.NewTenant("beta", "business")
		bob := beta.NewUser("bob", nil, "admin")
		inside := v.home.Enter(v.acme, true)
		inside.Do("GET", "/v1/users/"+bob.ID, nil).Refused(404, "not_found")
		inside.Do("GET", "/v1/users/"+v.root.ID, nil).Refused(404, "not_found")
		inside.Do("GET", "/v1/platform/tenants", nil).Refused(403, "no_permission")
		inside.Do("POST", "/v1/platform/tenants/"+beta.ID+"/enter", fields{"reason": "x"}).Refused(403, "no_permission")
		elsewhere := v.home.Enter(beta, false)
		inside.Do("POST", "/v1/platform/tenants/"+beta.ID+"/leave", nil).Refused(404, "not_found")
		inside.Do("POST", "/v1/platform/tenants/"+beta.ID+"/renew", nil).Refused(404, "not_found")
		elsewhere.Do("GET", "/v1/users/"+bob.ID, nil).Expect(200)
		inside.Do("POST", v.door("/leave"), nil).Expect(204)
		elsewhere.Do("GET", "/v1/users/"+bob.ID, nil).Expect(200)
	})
}

// Two visits of one person are two: leaving with the token of one leaves the other.
func TestLeavingWithATokenLeavesThatVisit(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		first, second := v.home.Enter(v.acme, false), v.home.Enter(v.acme, true)
		first.Do("POST", v.door("/leave"), nil).Expect(204)
		first.Do("GET", "/v1/users", nil).Refused(401, "session_ended")
		second.Do("GET", "/v1/users", nil).Expect(200)
		third := v.home.Enter(v.acme, false)
		v.home.Do("POST", v.door("/leave"), nil).Expect(204)
		for _, c := range []*servertest.Client{second, third} {
			c.Do("GET", "/v1/users", nil).Refused(401, "session_ended")
		}
	})
}

func TestALongVisitOutlivesItsToken(t *testing.T) {
	eachVisitors(t, func(t *testing.T, v *visitors) {
		v.unheard(t, "platform", `UPDATE platform_settings SET visit_minutes = 240 WHERE tenant_id = $1`)
		inside := v.home.Enter(v.acme, false)
		v.Clock.Advance(90 * time.Minute)
		renewed := inside.Do("POST", v.door("/renew"), nil).Expect(200)
		if renewed.Value("expires_in") != 7200.0 {
			t.Errorf("renewed: %s", renewed.Body)
		}
		inside.Token = renewed.String("access_token")
		v.Clock.Advance(119 * time.Minute)
		inside.Do("GET", "/v1/users", nil).Expect(200)
		if last := inside.Do("POST", v.door("/renew"), nil).Expect(200); last.Value("expires_in").(float64) > 31*60 {
			t.Errorf("the last token outlives the visit: %s", last.Body)
		}
		if kept := slices.Collect(func(yield func(string) bool) {
			for _, one := range v.list(v.admin.SignIn()) {
				yield(one.ID)
			}
		}); len(kept) != 1 {
			t.Errorf("renewing made visits: %v", kept)
		}
	})
}
