package identity_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestPeopleSeeThemselvesWhole(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		me := d.bob.SignIn().Do("GET", "/v1/me", nil).Expect(200)
		if me.String("id") != d.bob.ID || me.String("tenant", "slug") != "acme" || me.Value("has_password") != true ||
			!same(texts(me, "roles"), "user") || !same(texts(me, "departments"), d.phone) || len(texts(me, "permissions")) == 0 {
			t.Errorf("bob is %s", me.Body)
		}
		if read := d.read(d.bob.ID); string(read.Body) != string(me.Body) || read.ETag() != me.ETag() {
			t.Errorf("an administrator reads %s, bob %s", read.Body, me.Body)
		}
		s.Client().Do("GET", "/v1/me", nil).Refused(401, "unauthenticated")
	})
}

func TestPeopleChangeTheirOwnProfileAndNothingElse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		bob := d.bob.SignIn()
		etag := bob.Do("GET", "/v1/me", nil).Expect(200).ETag()
		patch := func(body, version string) *servertest.Answer {
			return bob.Do("PATCH", "/v1/me", body, "If-Match", version)
		}
		for _, body := range []string{
			`{"username":"root2"}`, `{"departments":[]}`, `{"roles":["admin"]}`, `{"permission_list":["*"]}`, `{"active":true}`, `{"requires_mfa":false}`,
			`{"name":""}`, `{"email":"x"}`, `{"locale":"fr"}`,
		} {
			patch(body, etag).Refused(422, "invalid_request")
		}
		bob.Do("PATCH", "/v1/me", `{"name":"x"}`).Refused(428, "version_required")
		patch(`{"name":"x"}`, `"999"`).Refused(412, "stale_version")
		changed := patch(`{"name":"Robert","email":"bob@acme.example","phone":"42","locale":"zh-CN"}`, etag).Expect(200)
		if changed.String("name") != "Robert" || changed.String("email") != "bob@acme.example" || changed.String("phone") != "42" || changed.String("locale") != "zh-CN" {
			t.Errorf("changed to %s", changed.Body)
		}
		if changed.ETag() == etag {
			t.Error("a change kept the version")
		}
	})
}
