package session_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
)

func TestRefreshCookieKeepsToItself(t *testing.T) {
	const week = 7 * 24 * 60 * 60
	eachProgram(t, func(t *testing.T, p *program) {
		for _, form := range []struct {
			url  string
			want http.Cookie
		}{
			{"http://127.0.0.1:8080", http.Cookie{Name: "usher_refresh"}},
			{"http://localhost:8080", http.Cookie{Name: "usher_refresh"}},
			{"https://desk.example", http.Cookie{Name: "__Host-usher_refresh", Secure: true}},
		} {
			form.want.Path, form.want.MaxAge, form.want.HttpOnly, form.want.SameSite = "/", week, true, http.SameSiteStrictMode
			p.node = startNode(t, p.DB, form.url)
			r := p.signInFrom(office, servertest.Password)
			expect(t, r, 200, "")
			got := *r.Cookies()[0]
			if part := strings.Split(got.Value, "."); len(part) != 3 || part[0] != p.acme.ID || len(part[2]) != 64 {
				t.Errorf("value %s", got.Value)
			}
			expect(t, p.refresh(cookieOf(t, r)), 200, "")
			got.Value, got.Raw = "", ""
			if diff := cmp.Diff(form.want, got); diff != "" {
				t.Errorf("%s: %s", form.url, diff)
			}
		}
	})
}

func TestOnlyTheMachineItselfIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.8.8.8": true, "::1": true, "localhost": true,
		"": false, "desk.example": false, "localhost.example": false, "10.0.0.1": false, "0.0.0.0": false, "::": false, "127.0.0.1.example": false,
	} {
		if got := session.Loopback(host); got != want {
			t.Errorf("Loopback(%q) = %v", host, got)
		}
	}
}
