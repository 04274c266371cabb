package server_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// What is no operation needs no token and leaves no record.
func TestAddressesBesideTheOperations(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		trail := newTrailReader(t, s, "platform")
		c := s.Client()
		for path, part := range map[string]string{
			"/":                      "/v1/auth/login",
			"/livez":                 `"status":"ok"`,
			"/readyz":                `"database":"ok"`,
			"/openapi.json":          `"openapi":"3.1.0"`,
			"/docs/errors":           "## last_administrator",
			"/.well-known/jwks.json": `"kty":"EC"`,
		} {
			if a := c.Do("GET", path, nil).Expect(200); !strings.Contains(string(a.Body), part) {
				t.Errorf("%s lacks %s: %s", path, part, a.Body)
			}
		}
		c.Do("GET", "/v1/none", nil).Refused(404, "no_such_route")
		if found := trail.fresh(t); len(found) > 0 {
			t.Errorf("records of %+v", found)
		}
	})
}

func TestReadinessFollowsTheDatabase(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Client()
		if err := s.DB.Close(); err != nil {
			t.Fatal(err)
		}
		c.Do("GET", "/livez", nil).Expect(200)
		c.Do("GET", "/readyz", nil).Expect(503)
		// Nothing that cannot be recorded is answered.
		c.Do("POST", "/v1/auth/login", object{"tenant": "acme", "username": "zhou", "password": "some horse"}).Refused(503, "unavailable")
		c.Do("GET", "/v1/me", nil).Refused(401, "unauthenticated")
	})
}
