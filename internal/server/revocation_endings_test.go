package server_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
)

// ending is something that ends access. keeps are the ways in that it rightly leaves open.
type ending struct {
	name    string
	keeps   string
	happens func(t *testing.T, v *victim)
}

const (
	// all of somebody who has lost nothing
	allWays = "token refresh password factor recovery link ticket connection visit"
	// a sign-in has nothing to do with the session that ended
	newSignIns = "password factor recovery link"
)

// endings has every ending that identity knows, and before them none.
var endings = []ending{
	{"nothing", allWays, func(*testing.T, *victim) {}},
	{"sign-out", newSignIns, func(_ *testing.T, v *victim) {
		v.client.Do("POST", "/v1/auth/logout", nil).Expect(204)
	}},
	// So is what has begun elsewhere.
	{"sign-out everywhere else", "password link", func(_ *testing.T, v *victim) {
		v.other.Do("DELETE", "/v1/me/sessions", nil).Expect(204)
	}},
	{"one session ended by its user", newSignIns, func(t *testing.T, v *victim) {
		v.other.Do("DELETE", "/v1/me/sessions/"+v.session(t), nil).Expect(204)
	}},
	{"one session ended by an administrator", newSignIns, func(t *testing.T, v *victim) {
		v.boss.SignIn().Do("DELETE", "/v1/users/"+v.user.ID+"/sessions/"+v.session(t), nil).Expect(204)
	}},
	// An administrator who ends everything may know of a theft: what has begun does not go on.
	{"all sessions ended by an administrator", "password link", func(_ *testing.T, v *victim) {
		v.boss.SignIn().Do("DELETE", "/v1/users/"+v.user.ID+"/sessions", nil).Expect(204)
	}},
	{"user disabled", "", func(_ *testing.T, v *victim) {
		v.boss.SignIn().Do("POST", "/v1/users/"+v.user.ID+"/disable", nil).Expect(200)
	}},
	{"user deleted", "", func(_ *testing.T, v *victim) {
		boss := v.boss.SignIn()
		etag := boss.Do("GET", "/v1/users/"+v.user.ID, nil).ETag()
		boss.Do("DELETE", "/v1/users/"+v.user.ID, nil, "If-Match", etag).Expect(204)
	}},
	{"tenant suspended", "", func(_ *testing.T, v *victim) {
		v.owner.SignIn().Do("POST", "/v1/platform/tenants/"+v.tenant.ID+"/suspend", object{"reason": "not paid"}).Expect(200)
	}},
	{"password changed", "", func(_ *testing.T, v *victim) {
		v.other.Do("POST", "/v1/auth/password", object{"current": servertest.Password, "new": "a lamp, a kettle, a long night"}).Expect(200)
	}},
	{"password link redeemed", "", func(t *testing.T, v *victim) {
		link := v.boss.SignIn().Do("POST", "/v1/users/"+v.user.ID+"/password-link", nil).Expect(201).String("link")
		if !v.redeems(link) {
			t.Fatal("the link is not good")
		}
	}},
	{"second factor reset by an administrator", "password link", func(_ *testing.T, v *victim) {
		v.boss.SignIn().Do("POST", "/v1/users/"+v.user.ID+"/second-factor/reset", nil).Expect(200)
	}},
	{"another second factor", "password link", func(_ *testing.T, v *victim) {
		e := v.other.Do("POST", "/v1/me/second-factor/enrol", object{"password": servertest.Password}).Expect(200)
		v.user.Secret = e.String("secret")
		v.other.Do("POST", "/v1/me/second-factor/confirm", object{"code": v.user.UsedCode()}).Expect(200)
	}},
	{"refresh token used twice", newSignIns, func(_ *testing.T, v *victim) {
		copied := v.client.Do("POST", "/v1/auth/refresh", nil).Expect(200).Header.Values("Set-Cookie")
		v.client.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		v.client.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		v.Client().Do("POST", "/v1/auth/refresh", nil, "Cookie", refreshCookie(copied)).Refused(401, "refresh_reused")
	}},
	// Tokens are renewed with the next refresh; a visit is entered again.
	{"signing key compromised", "refresh password factor recovery link ticket connection", func(t *testing.T, v *victim) {
		if _, err := v.Sessions.RotateKeys(t.Context(), session.Immediate); err != nil {
			t.Fatal(err)
		}
	}},
	{"two hours and a minute", "refresh password link connection", func(_ *testing.T, v *victim) {
		v.Clock.Advance(2*time.Hour + time.Minute)
	}},
	{"thirty days", "password", func(_ *testing.T, v *victim) { v.Clock.Advance(30*24*time.Hour + time.Minute) }},
	// Other roles are other permissions, and no reason to sign in again; but who visits must be of the platform's staff.
	{"roles taken away", "token refresh password factor recovery link ticket connection", func(_ *testing.T, v *victim) {
		boss := v.boss.SignIn()
		etag := boss.Do("GET", "/v1/users/"+v.user.ID, nil).ETag()
		boss.Do("PUT", "/v1/users/"+v.user.ID+"/roles", object{"roles": []string{}}, "If-Match", etag).Expect(200)
	}},
	{"visit left", "token refresh password factor recovery link ticket connection", func(_ *testing.T, v *victim) {
		if v.user.Tenant == v.platform {
			v.client.Do("POST", "/v1/platform/tenants/"+v.tenant.ID+"/leave", nil).Expect(204)
		}
	}},
}

// session is the id of the client's session.
func (v *victim) session(t *testing.T) string {
	t.Helper()
	var page struct {
		Items []struct {
			ID      string
			Current bool
		}
	}
	v.client.Do("GET", "/v1/me/sessions", nil).Expect(200).Into(&page)
	for _, s := range page.Items {
		if s.Current {
			return s.ID
		}
	}
	t.Fatal("the session is not in the list")
	return ""
}

// refreshCookie is the one among cookies that an answer has set, as a client sends it.
func refreshCookie(set []string) string {
	for _, line := range set {
		c, err := http.ParseSetCookie(line)
		if err == nil && c.Name == "usher_refresh" {
			return c.Name + "=" + c.Value
		}
	}
	return ""
}
