package api_test

import (
	"net/http"
	"testing"
)

func TestWhoCallsIsDecidedByTheToken(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct {
		name          string
		authorization string
		status        int
		code          string
		challenge     string
	}{
		{"nothing", "", 401, "unauthenticated", "Bearer"},
		{"no token", "Bearer", 401, "unauthenticated", "Bearer"},
		{"an empty token", "Bearer ", 401, "unauthenticated", "Bearer"},
		{"another scheme", "Basic Y2hpZWY6", 401, "unauthenticated", "Bearer"},
		{"a token without a scheme", chief, 401, "unauthenticated", "Bearer"},
		{"an unknown token", "Bearer x", 401, "api_test_expired", `Bearer error="invalid_token"`},
		{"two blanks", "Bearer  " + chief, 401, "api_test_expired", `Bearer error="invalid_token"`},
		{"two tokens", "Bearer " + chief + " " + chief, 401, "api_test_expired", `Bearer error="invalid_token"`},
		{"an expired token", "Bearer " + stale, 401, "api_test_expired", `Bearer error="invalid_token"`},
		{"a token that cannot be checked", "Bearer " + early, 503, "unavailable", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := o.do("", "GET", "/v1/departments", "", "Authorization", c.authorization)
			a.problem(c.status, c.code)
			if got := a.Header.Get("WWW-Authenticate"); got != c.challenge {
				t.Errorf("challenge %q, want %q", got, c.challenge)
			}
			a.ok(c.status)
		})
	}
	o.do("", "GET", "/v1/departments", "", "Authorization", "bearer "+chief).ok(200) // the scheme has no case
}

func TestRefusedSignInIsNotBlamedOnAToken(t *testing.T) {
	a := openOffice(t).do("", "POST", "/v1/visit", `{"password":"wrong"}`)
	a.problem(401, "api_test_wrong")
	if got := a.Header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("challenge %q, want Bearer alone", got)
	}
}

func TestGateAsksForThePermissionAtAnyScope(t *testing.T) {
	o := openOffice(t)
	o.do(reader, "GET", "/v1/departments", "").ok(200)
	p := o.do(nobody, "GET", "/v1/departments", "").ok(403).problem(403, "no_permission")
	if p.Detail != "needs department:read; you have nothing" {
		t.Errorf("detail %q", p.Detail)
	}
	// The gate comes before the input: who may not call learns nothing about what would be valid.
	o.do(reader, "POST", "/v1/departments", `{"nonsense":`).problem(403, "no_permission")
}

func TestPageOfAnotherSiteIsRefused(t *testing.T) {
	o := openOffice(t)
	const body = `{"password":"right"}`
	for _, origin := range []string{"https://evil.example", "null", o.URL + ":1", o.URL + "/", "http://127.0.0.1"} {
		a := o.do("", "POST", "/v1/visit", body, "Origin", origin)
		a.problem(403, "foreign_origin")
		if a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s got a cookie", origin)
		}
	}
	o.do("", "POST", "/v1/visit", body, "Origin", o.URL).ok(200)
	o.do("", "POST", "/v1/visit", body).ok(200) // a program is no browser
	o.do(chief, "GET", "/v1/departments", "", "Origin", "https://evil.example").ok(200)
}

func TestHeaderThatDecidesStandsOnce(t *testing.T) {
	o := openOffice(t)
	for _, name := range []string{"Authorization", "Content-Type", "If-Match", "Origin"} {
		r, err := http.NewRequestWithContext(t.Context(), "PATCH", o.URL+"/v1/departments/x", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+chief)
		r.Header[name] = []string{"Bearer " + chief, "Bearer " + reader}
		p := o.send(r).ok(422).problem(422, "invalid_request")
		if len(p.Errors) != 1 || p.Errors[0].Location != "header."+name {
			t.Errorf("%s: %+v", name, p.Errors)
		}
		// Which of two tokens is meant nobody knows; otherwise the caller is known and is named.
		calls := o.notes.take()
		if len(calls) != 1 || (calls[0].Caller == nil) != (name == "Authorization") {
			t.Errorf("%s: the record does not say who it was", name)
		}
	}
}
