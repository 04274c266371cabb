package identity_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Whoever could reset an ordinary user's password must not become an administrator by it, with a link
// from before the user was made one.
func TestALinkDoesNotOutliveAPromotion(t *testing.T) {
	for name, promote := range map[string]func(d *desk, id string){
		"assignment": func(d *desk, id string) { d.put("/v1/users/"+id+"/roles", `{"roles":["admin"]}`) },
		"another role": func(d *desk, id string) {
			d.put("/v1/users/"+id+"/roles", `{"roles":["idler",{"role":"agent","departments":["`+d.sales+`"]}]}`)
		},
		"edit of a role": func(d *desk, _ string) {
			d.admin.ChangeRole("idler", `{"permissions":["user:read:all","report:read:department"]}`).Expect(200)
		},
		"list": func(d *desk, id string) {
			d.put("/v1/users/"+id+"/permission-list", `{"permission_list":["*"]}`)
		},
		"enabling": func(d *desk, id string) {
			d.admin.Do("POST", "/v1/users/"+id+"/disable", nil).Expect(200)
			d.put("/v1/users/"+id+"/roles", `{"roles":["admin"]}`)
			d.admin.Do("POST", "/v1/users/"+id+"/enable", nil).Expect(200)
		},
		"department": func(d *desk, id string) {
			d.patch(d.admin, id, map[string]any{"departments": []string{d.support}}).Expect(200)
		},
		"move of a department": func(d *desk, _ string) {
			path := "/v1/departments/" + d.support
			d.admin.Do("PATCH", path, `{"parent":"`+d.sales+`"}`, "If-Match", d.etag(path)).Expect(200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			servertest.Each(t, func(t *testing.T, s *servertest.Server) {
				d := newDesk(t, s)
				helper, idle := d.helperAndIdler()
				before := helper.Do("POST", "/v1/users/"+idle+"/password-link", nil).Expect(201).String("link")
				other := d.link(d.bob.ID)
				promote(d, idle)
				d.redeem(before, fresh).Refused(422, "bad_link")
				d.redeem(d.link(idle), fresh).Expect(200) // of somebody who measures up to them now
				d.redeem(other, fresh).Expect(200)
			})
		})
	}
}

// Nobody's link dies because somebody else rose, or because they lost something or kept what they had.
func TestALinkOutlivesWhatIsNoPromotion(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		helper, idle := d.helperAndIdler()
		link := helper.Do("POST", "/v1/users/"+idle+"/password-link", nil).Expect(201).String("link")
		d.put("/v1/users/"+d.eve.ID+"/roles", `{"roles":["admin"]}`)
		d.admin.Do("POST", "/v1/departments", `{"name":"Below","parent":"`+d.sales+`"}`).Expect(201)
		d.admin.Do("PATCH", "/v1/roles/idler", `{"label_en":"Idler"}`, "If-Match", d.etag("/v1/roles/idler")).Expect(200)
		d.admin.Do("POST", "/v1/roles/idler/deactivate", nil).Expect(200)
		d.admin.ActivateRole("idler").Expect(200)
		d.put("/v1/users/"+idle+"/permission-list", `{"permission_list":["knowledge:read:all"]}`)
		d.put("/v1/users/"+idle+"/roles", `{"roles":[],"permission_list":[]}`)
		d.redeem(link, fresh).Expect(200)
	})
}

// helperAndIdler are somebody who may reset passwords, and an ordinary user in sales who holds less.
func (d *desk) helperAndIdler() (helper *servertest.Client, idler string) {
	d.t.Helper()
	held := []string{"user:read:all", "user:reset_credentials:all", "knowledge:read:all", "report:read:department"}
	helper = d.somebody("helper", []string{d.sales}, held...)
	d.admin.Do("POST", "/v1/roles", map[string]any{"name": "idler", "permissions": held[2:]}).Expect(201)
	return helper, d.NewUser("idle", []string{d.sales}, "idler").ID
}

func (d *desk) etag(path string) string {
	d.t.Helper()
	return d.admin.Do("GET", path, nil).Expect(200).ETag()
}

func (d *desk) put(path, body string) {
	d.t.Helper()
	d.admin.Do("PUT", path, body, "If-Match", d.etag(path)).Expect(200)
}
