package console_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

const html = "text/html,application/xhtml+xml"

// A page is what people who go to its address get, and nobody else.
func TestPagesAnswerNavigation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Client()
		for _, path := range []string{"/", "/desk", "/desk/01a0", "/t/acme", "/link", "/h5", "/h5/t/acme"} {
			a := c.Do("GET", path, nil, "Accept", html).Expect(200)
			if !strings.Contains(string(a.Body), `<div id="page">`) || a.Header.Get("Cache-Control") != "no-cache" {
				t.Errorf("%s: %s %s", path, a.Header, a.Body)
			}
		}
		for _, path := range []string{"/desk", "/h5/none"} {
			c.Do("GET", path, nil, "Accept", "*/*").Refused(404, "no_such_route")
		}
	})
}

// Nothing of the API, and nothing that does not exist, is answered with a page.
func TestPagesShadowNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Client()
		for _, path := range []string{"/v1/none", "/v1", "/.well-known/none", "/assets/none.js", "/assets/", "/h5/assets/none.js", "/nowhere"} {
			c.Do("GET", path, nil, "Accept", html).Refused(404, "no_such_route")
		}
		c.Do("GET", "/v1/auth/login", nil, "Accept", html).Refused(405, "method_not_allowed")
		c.Do("POST", "/desk", nil, "Accept", html).Refused(405, "method_not_allowed")
		c.Do("GET", "/v1/me", nil, "Accept", html).Refused(401, "unauthenticated")
		a := c.Do("GET", "/", nil).Expect(200)
		if !strings.Contains(string(a.Body), "/openapi.json") || a.Header.Get("Vary") != "Accept" {
			t.Errorf("a program is told where to go on: %s %s", a.Header, a.Body)
		}
	})
}

// A page may load and call its own origin only, and run no script but its files.
func TestPagesAreHeldToAPolicy(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Client()
		a := c.Do("GET", "/desk", nil, "Accept", html).Expect(200)
		policy := a.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "connect-src 'self' ws"} {
			if !strings.Contains(policy, part) {
				t.Errorf("the policy lacks %s: %s", part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(string(a.Body), "<script>") {
			t.Errorf("the page or its policy has scripts of its own: %s\n%s", policy, a.Body)
		}
		nonce := regexp.MustCompile(`'nonce-([A-Z2-7]{26})'`).FindStringSubmatch(policy)
		if nonce == nil || !strings.Contains(string(a.Body), `content="`+nonce[1]+`"`) {
			t.Errorf("the page does not carry the nonce of its policy: %s\n%s", policy, a.Body)
		}
		if again := c.Do("GET", "/desk", nil, "Accept", html); again.Header.Get("Content-Security-Policy") == policy {
			t.Error("two answers have one nonce")
		}
	})
}

// What a page loads is kept for good, as its name changes with it, and travels compressed.
func TestAssetsAreImmutableAndCompressed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Client()
		for _, path := range []string{"/", "/h5"} {
			page := c.Do("GET", path, nil, "Accept", html).Expect(200)
			names := regexp.MustCompile(`(?:src|href)="([^"]*/assets/[^"]+)"`).FindAllStringSubmatch(string(page.Body), -1)
			if len(names) < 3 {
				t.Fatalf("%s loads %q", path, names)
			}
			for _, name := range names {
				checkAsset(t, c, name[1])
			}
		}
	})
}

func checkAsset(t *testing.T, c *servertest.Client, path string) {
	t.Helper()
	plain := c.Do("GET", path, nil, "Accept-Encoding", "gzip;q=0, identity").Expect(200)
	small := c.Do("GET", path, nil, "Accept-Encoding", "br, gzip").Expect(200)
	if plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("%s: %s", path, plain.Header)
	}
	if small.Header.Get("Content-Encoding") != "gzip" || small.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%s: %s", path, small.Header)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(small.Body))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(zipped); err != nil || !bytes.Equal(text, plain.Body) {
		t.Errorf("%s: what travels compressed is something else: %v", path, err)
	}
	if kind := http.DetectContentType(plain.Body); kind == "text/html; charset=utf-8" {
		t.Errorf("%s is a page", path)
	}
}
