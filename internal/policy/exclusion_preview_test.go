package policy_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// standoff is the preview of an exclusion.
type standoff struct {
	Digest                    string
	People, Violators, Others int
	Items                     []struct {
		User  struct{ ID, Name string }
		Roles []string
	}
	Next *string
}

func foreseen(a *servertest.Answer) (s standoff) {
	a.Expect(200).Into(&s)
	return s
}

func TestAPreviewOfAnExclusionSaysWhoIsInItsWay(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "local", "role:*", "user:read:department", "tag:*", "conversation:*:own", "knowledge:read").Expect(201)
		local := o.NewUser("local", []string{o.north}, "local").SignIn()
		var ids []string
		for i := range 3 {
			ids = append(ids, o.NewUser(fmt.Sprint("north", i), []string{o.north}, "user", "auditor").ID)
		}
		o.NewUser("south", []string{o.south}, "user", "auditor")
		create := object{"name": "apart", "roles": []string{"user", "auditor", "agent"}}
		var found []string
		path := "/v1/exclusions/preview?limit=2"
		for pages := 0; path != "" && pages < 9; pages++ {
			seen := foreseen(local.Do("POST", path, object{"create": create}))
			if seen.People != 0 || seen.Violators != 4 || seen.Others != 1 {
				t.Errorf("%+v", seen)
			}
			for _, i := range seen.Items {
				found = append(found, i.User.ID)
				if !slices.Equal(i.Roles, []string{"auditor", "user"}) {
					t.Errorf("%s has %v", i.User.ID, i.Roles)
				}
			}
			if path = ""; seen.Next != nil {
				path = "/v1/exclusions/preview?limit=2&cursor=" + *seen.Next
			}
		}
		if !slices.Equal(found, ids) {
			t.Errorf("the pages hold %v, want %v", found, ids)
		}
		o.root.Do("GET", "/v1/exclusions/apart", nil).Refused(404, "not_found")
		local.Do("POST", "/v1/exclusions", create).Refused(409, "exclusion_violated")
	})
}

// Whoever sends the digest of a preview gets what it has shown, or nothing.
func TestAnExclusionIsChangedAsItsPreviewShowed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		path := "/v1/exclusions/apart"
		ask := func(body object) standoff { return foreseen(o.root.Do("POST", "/v1/exclusions/preview", body)) }
		create := object{"name": "apart", "roles": []string{"user", "auditor"}}
		free := ask(object{"create": create})
		if free.Violators != 0 || len(free.Items) != 0 || free.Next != nil {
			t.Errorf("%+v", free)
		}
		other := object{"name": "apart", "roles": []string{"user", "agent"}}
		o.root.Do("POST", "/v1/exclusions", other, "If-Preview", `"`+free.Digest+`"`).Refused(412, "preview_differs")
		o.root.Do("POST", "/v1/exclusions", create, "If-Preview", `"`+free.Digest+`"`).Expect(201)

		two := o.NewUser("two", nil, "user", "agent")
		edit := object{"roles": []string{"user", "auditor", "agent"}}
		tighter := ask(object{"name": "apart", "edit": edit})
		if tighter.Violators != 1 || tighter.Items[0].User.ID != two.ID || tighter.Digest == free.Digest {
			t.Errorf("%+v", tighter)
		}
		o.root.Do("PATCH", path, edit, "If-Match", etag(o.root, path), "If-Preview", `"`+tighter.Digest+`"`).Refused(409, "exclusion_violated")
		gone := ask(object{"name": "apart", "delete": true})
		if gone.Violators != 0 || gone.People != 0 || gone.Digest == tighter.Digest {
			t.Errorf("%+v", gone)
		}
		o.root.Do("DELETE", path, nil, "If-Match", etag(o.root, path), "If-Preview", `"`+tighter.Digest+`"`).Refused(412, "preview_differs")
		o.root.Do("DELETE", path, nil, "If-Match", etag(o.root, path), "If-Preview", `"`+gone.Digest+`"`).Expect(204)

		for _, c := range []struct {
			body   object
			status int
			code   string
		}{
			{object{}, 422, "invalid_request"},
			{object{"create": create, "delete": true}, 422, "invalid_request"},
			{object{"edit": edit}, 422, "invalid_request"},
			{object{"name": "apart", "delete": true}, 404, "not_found"},
			{object{"create": object{"name": "x", "roles": []string{"user", "nobody"}}}, 422, "invalid_request"},
		} {
			o.root.Do("POST", "/v1/exclusions/preview", c.body).Refused(c.status, c.code)
		}
	})
}

// A clone is another name for the same duty.
func TestACloneJoinsTheExclusionsOfItsRole(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "payer", "knowledge:read").Expect(201)
		newRole(o.root, "maker", "role:create", "role:read", "knowledge:read").Expect(201)
		for _, name := range []string{"apart", "never"} {
			o.root.Do("POST", "/v1/exclusions", object{"name": name, "roles": []string{"payer", "auditor"}}).Expect(201)
		}
		version := etag(o.root, "/v1/exclusions/apart")
		clone := o.NewUser("mia", nil, "maker").SignIn().Do("POST", "/v1/roles/payer/clone", object{"name": "payer_two"}).Expect(201)
		same(t, "joined", texts(t, clone.Value("exclusions")), []string{"apart", "never"})
		now := o.root.Do("GET", "/v1/exclusions/apart", nil).Expect(200)
		same(t, "roles", texts(t, now.Value("roles")), []string{"auditor", "payer", "payer_two"})
		if now.ETag() == version {
			t.Error("the exclusion has another role and the version it had")
		}
		all := recordsBy(t, o.root, "role.clone")
		if got := part(t, all[1]["change"].(object), "exclusions"); len(all) != 2 || got != `{"new":["apart","never"]}` {
			t.Errorf("the first of %d records says %s", len(all), got)
		}
		if got := part(t, all[0]["change"].(object), "roles.difference"); got != `{"new":["payer_two"]}` {
			t.Errorf("the record of the exclusions says %s", got)
		}
		ann := o.NewUser("ann", nil, "auditor")
		put(o.root, "/v1/users/"+ann.ID+"/roles", object{"roles": []any{"auditor", "payer_two"}}).Refused(409, "excluded_roles")
		remove(o.root, "/v1/roles/payer_two").Expect(204) // and leaves them with it
		now = o.root.Do("GET", "/v1/exclusions/apart", nil).Expect(200)
		same(t, "roles", texts(t, now.Value("roles")), []string{"auditor", "payer"})

		full := []string{"payer", "auditor"}
		for i := range 98 {
			name := fmt.Sprint("filler", i)
			newRole(o.root, name).Expect(201)
			full = append(full, name)
		}
		o.root.Do("POST", "/v1/exclusions", object{"name": "full", "roles": full}).Expect(201)
		if refused := o.root.Do("POST", "/v1/roles/payer/clone", object{"name": "payer_three"}).Refused(409, "exclusion_full"); refused.String("detail") != "full" {
			t.Errorf("%s", refused.Body)
		}
	})
}
