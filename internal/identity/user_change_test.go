package identity_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestAUserIsChanged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		changed := d.patch(d.admin, d.ann.ID, map[string]any{
			"username": "an.na", "name": "安娜", "email": "anna@acme.example", "phone": "123", "locale": "zh-CN", "departments": []string{d.sales},
		}).Expect(200)
		if changed.String("username") != "an.na" || changed.String("name") != "安娜" || changed.String("email") != "anna@acme.example" ||
			changed.String("locale") != "zh-CN" || !same(texts(changed, "departments"), d.sales) {
			t.Errorf("changed to %s", changed.Body)
		}
		if read := d.read(d.ann.ID); string(read.Body) != string(changed.Body) || read.ETag() != changed.ETag() {
			t.Errorf("read %s, was told %s", read.Body, changed.Body)
		}
		kept := d.patch(d.admin, d.ann.ID, `{"email":null,"phone":""}`).Expect(200)
		if kept.String("email") != "" || kept.String("phone") != "" || kept.String("name") != "安娜" || !same(texts(kept, "departments"), d.sales) {
			t.Errorf("without addresses %s", kept.Body)
		}
		if got := items(d.admin.Do("GET", "/v1/users?q=安", nil)); !same(got, "安娜") {
			t.Errorf("the new name finds %v", got)
		}
	})
}

func TestChangesRefuse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		foreign := s.NewTenant("beta", "it-desk").NewUser("foreign", nil)
		for _, body := range []string{
			`{"username":""}`, `{"username":" "}`, `{"name":" "}`, `{"email":"x"}`, `{"phone":"x"}`, `{"locale":"fr"}`, `{"departments":["nowhere"]}`,
			`{"departments":"` + d.sales + `"}`, `{"active":false}`, `{"roles":["admin"]}`, `{"permission_list":[]}`, `{"password":"x"}`,
		} {
			d.patch(d.admin, d.ann.ID, body).Refused(422, "invalid_request")
		}
		d.patch(d.admin, d.ann.ID, `{"username":"BOB"}`).Refused(409, "username_taken")
		d.patch(d.admin, d.ann.ID, `{"username":"ANN"}`).Expect(200)
		d.admin.Do("PATCH", "/v1/users/"+d.ann.ID, `{"name":"x"}`, "If-Match", `"1"`).Refused(412, "stale_version")
		if stale := d.admin.Do("PATCH", "/v1/users/"+d.ann.ID, `{"name":"x"}`, "If-Match", `"1"`); stale.ETag() != d.read(d.ann.ID).ETag() {
			t.Errorf("a stale version is told %s", stale.ETag())
		}
		d.admin.Do("PATCH", "/v1/users/"+d.ann.ID, `{"name":"x"}`).Refused(428, "version_required")
		d.admin.Do("DELETE", "/v1/users/"+d.ann.ID, nil).Refused(428, "version_required")
		d.admin.Do("DELETE", "/v1/users/"+d.ann.ID, nil, "If-Match", `"1"`).Refused(412, "stale_version")
		for _, id := range []string{foreign.ID, "nobody"} {
			d.admin.Do("PATCH", "/v1/users/"+id, `{"name":"x"}`, "If-Match", `"1"`).Refused(404, "not_found")
			d.admin.Do("DELETE", "/v1/users/"+id, nil, "If-Match", `"1"`).Refused(404, "not_found")
			for _, deed := range []string{"disable", "enable", "password-link"} {
				d.admin.Do("POST", "/v1/users/"+id+"/"+deed, nil).Refused(404, "not_found")
			}
		}
	})
}

func TestWhoMaySeeButNotChangeIsRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		helper := d.somebody("helper", []string{d.support}, "user:view", "user:update:department", "user:disable:department",
			"user:delete:department", "user:reset_credentials:department", "conversation:*:all", "agent:*:all")
		d.patch(helper, d.eve.ID, `{"name":"x"}`).Refused(403, "out_of_scope")
		d.delete(helper, d.eve.ID).Refused(403, "out_of_scope")
		for _, deed := range []string{"disable", "enable", "password-link"} {
			helper.Do("POST", "/v1/users/"+d.eve.ID+"/"+deed, nil).Refused(403, "out_of_scope")
		}
		card := d.patch(helper, d.bob.ID, `{"name":"Robert"}`).Expect(200)
		if card.String("name") != "Robert" || card.Value("username") != nil {
			t.Errorf("who may not read is answered %s", card.Body)
		}
		d.patch(helper, d.bob.ID, map[string]any{"departments": []string{d.support}}).Refused(403, "no_permission")
		d.bob.SignIn().Do("PATCH", "/v1/users/"+d.ann.ID, `{"name":"x"}`, "If-Match", `"1"`).Refused(403, "no_permission")
	})
}

func TestGuardRailsHoldForUsers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		hr := d.somebody("hr", nil, "user:read", "user:update", "user:disable", "user:delete", "user:reset_credentials", "role:assign")
		for _, contact := range []string{`{"username":"toor"}`, `{"email":"me@acme.example"}`, `{"phone":"+86 10 1234"}`, `{"name":"Root","email":"me@acme.example"}`} {
			d.patch(hr, d.root.ID, contact).Refused(403, "stronger_user")
		}
		d.patch(hr, d.root.ID, `{"name":"The root","locale":"zh-CN"}`).Expect(200)
		d.patch(d.admin, d.root.ID, `{"email":"root@acme.example"}`).Expect(200) // one's own
		d.patch(hr, d.root.ID, `{"email":null}`).Refused(403, "stronger_user")
		d.patch(hr, d.root.ID, map[string]any{"departments": []string{d.sales}}).Refused(403, "stronger_user")
		d.delete(hr, d.root.ID).Refused(403, "stronger_user")
		hr.Do("POST", "/v1/users/"+d.root.ID+"/disable", nil).Refused(403, "stronger_user")
		hr.Do("POST", "/v1/users/"+d.root.ID+"/password-link", nil).Refused(403, "stronger_user")

		d.patch(d.admin, d.root.ID, map[string]any{"departments": []string{d.sales}}).Refused(403, "own_access")
		d.delete(d.admin, d.root.ID).Refused(403, "own_access")
		d.admin.Do("POST", "/v1/users/"+d.root.ID+"/disable", nil).Refused(403, "own_access")
		d.admin.Do("POST", "/v1/users/"+d.root.ID+"/password-link", nil).Refused(403, "own_password_link")
	})
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		ann := d.ann.SignIn()
		disabled := d.admin.Do("POST", "/v1/users/"+d.ann.ID+"/disable", nil).Expect(200)
		if disabled.Value("active") != false || len(texts(disabled, "permissions")) != 0 {
			t.Errorf("disabled: %s", disabled.Body)
		}
		ann.Do("GET", "/v1/me", nil).Expect(401)
		again := d.admin.Do("POST", "/v1/users/"+d.ann.ID+"/disable", nil).Expect(200)
		if again.ETag() != disabled.ETag() {
			t.Errorf("disabling again moved the version from %s to %s", disabled.ETag(), again.ETag())
		}
		enabled := d.admin.Do("POST", "/v1/users/"+d.ann.ID+"/enable", nil).Expect(200)
		if enabled.Value("active") != true || !same(texts(enabled, "roles"), "agent") {
			t.Errorf("enabled: %s", enabled.Body)
		}
		ann.Do("GET", "/v1/me", nil).Expect(401) // what has ended does not come back
		d.ann.SignIn().Do("GET", "/v1/me", nil).Expect(200)
	})
}

func TestADeletedUserIsGone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		ann := d.ann.SignIn()
		d.delete(d.admin, d.ann.ID).Expect(204)
		ann.Do("GET", "/v1/me", nil).Expect(401)
		d.admin.Do("GET", "/v1/users/"+d.ann.ID, nil).Refused(404, "not_found")
		made := d.admin.Do("POST", "/v1/users", `{"username":"Ann"}`).Expect(201)
		if made.String("id") == d.ann.ID {
			t.Error("an id was given out again")
		}
		ann.Do("GET", "/v1/me", nil).Expect(401)
	})
}
