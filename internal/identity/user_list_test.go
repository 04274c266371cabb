package identity_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestUsersAreListedByName(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		other := s.NewTenant("beta", "it-desk")
		stranger := other.NewUser("Ann", nil, "agent")
		d.admin.Do("POST", "/v1/users/"+d.eve.ID+"/disable", nil).Expect(200)
		for query, want := range map[string]string{
			"":                                       "Ann Bob Eve root",
			"q=ＡＮ":                                   "Ann",
			"q=%25":                                  "",
			"q=_":                                    "",
			"role=agent":                             "Ann",
			"role=nothing":                           "",
			"active=false":                           "Eve",
			"active=true&q=o":                        "Bob root",
			"department=" + d.support:                "Ann Bob",
			"department=" + d.phone:                  "Bob",
			"department=nowhere":                     "",
			"ids=" + d.eve.ID + "," + d.ann.ID:       "Ann Eve",
			"ids=" + d.eve.ID + "&active=true":       "",
			"ids=nobody," + stranger.ID:              "",
			"department=" + d.support + "&role=user": "Bob",
		} {
			if got := strings.Join(items(d.admin.Do("GET", "/v1/users?"+query, nil)), " "); got != want {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
		d.admin.Do("GET", "/v1/users?active=maybe", nil).Refused(422, "invalid_request")
		d.admin.Do("GET", "/v1/users?order=name", nil).Refused(422, "invalid_request")
		d.admin.Do("GET", "/v1/users?ids=", nil).Refused(422, "invalid_request") // nobody is not everybody
		if got := items(d.admin.Do("GET", "/v1/users?ids=,", nil)); len(got) != 0 {
			t.Errorf("ids that are none find %v", got)
		}
	})
}

func TestPagesOfUsersHoldEachOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		for _, twin := range []string{"twin.a", "twin.b", "twin.c"} {
			d.admin.Do("POST", "/v1/users", map[string]any{"username": twin, "name": "Same Name"}).Expect(201)
		}
		seen := map[string]int{}
		cursor := ""
		for page := 0; page == 0 || cursor != ""; page++ {
			path := "/v1/users?limit=2"
			if cursor != "" {
				path += "&cursor=" + cursor
			}
			var out struct{ Items []struct{ ID string } }
			answer := d.admin.Do("GET", path, nil).Expect(200).Into(&out)
			for _, item := range out.Items {
				seen[item.ID]++
			}
			cursor = answer.String("next")
		}
		if len(seen) != 7 {
			t.Errorf("pages hold %d users, want 7", len(seen))
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s stands on %d pages", id, n)
			}
		}
		cursor = d.admin.Do("GET", "/v1/users?limit=2", nil).Expect(200).String("next")
		changed := []byte(cursor)
		changed[50] ^= 1
		d.admin.Do("GET", "/v1/users?limit=2&cursor="+string(changed), nil).Refused(422, "bad_cursor")
		d.admin.Do("GET", "/v1/users?limit=2&active=true&cursor="+cursor, nil).Refused(422, "bad_cursor")
	})
}

func TestADirectoryShowsCards(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		viewer := d.somebody("viewer", nil, "user:view")
		card := viewer.Do("GET", "/v1/users/"+d.ann.ID, nil).Expect(200)
		want, _ := json.Marshal(map[string]any{"id": d.ann.ID, "name": "Ann", "departments": []string{d.support}})
		if got, _ := json.Marshal(card.Value()); string(got) != string(want) {
			t.Errorf("the card is %s, want %s", got, want)
		}
		list := viewer.Do("GET", "/v1/users", nil)
		if got := items(list); !same(got, "Ann", "Bob", "Eve", "root", "viewer") {
			t.Errorf("the directory lists %v", got)
		}
		if strings.Contains(string(list.Body), "username") {
			t.Errorf("the directory shows more than cards: %s", list.Body)
		}
	})
}

// What a card does not show cannot be found out by asking for it either.
func TestFiltersTellNothingThatACardDoesNotShow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		d.patch(d.admin, d.ann.ID, `{"name":"Renamed"}`).Expect(200)
		viewer := d.somebody("viewer", nil, "user:view", "user:read:own")
		for query, want := range map[string]string{
			"q=ann":                   "",
			"q=renam":                 "Renamed",
			"q=view":                  "viewer",
			"role=agent":              "",
			"role=role_of_viewer":     "viewer",
			"active=true":             "viewer",
			"department=" + d.support: "Bob Renamed",
		} {
			if got := strings.Join(items(viewer.Do("GET", "/v1/users?"+query, nil)), " "); got != want {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
	})
}

func TestReadersAndViewersSeeAsFarAsTheyReach(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		lead := d.somebody("lead", []string{d.support}, "user:read:department", "user:view:own")
		if got := items(lead.Do("GET", "/v1/users", nil)); !same(got, "Ann", "Bob", "lead") {
			t.Errorf("the lead of support lists %v", got)
		}
		if got := lead.Do("GET", "/v1/users/"+d.bob.ID, nil).Expect(200).String("username"); got != "Bob" {
			t.Errorf("the lead reads %q", got)
		}
		mixed := d.somebody("mixed", []string{d.phone}, "user:read:department", "user:view")
		list := mixed.Do("GET", "/v1/users", nil)
		if got := items(list); len(got) != 7-1 {
			t.Errorf("who views everybody lists %v", got)
		}
		if n := strings.Count(string(list.Body), `"username"`); n != 2 {
			t.Errorf("who reads two of them is shown %d", n)
		}
		if got := items(lead.Do("GET", "/v1/users?ids="+d.eve.ID+","+d.ann.ID, nil)); !same(got, "Ann") {
			t.Errorf("of two the lead finds %v", got)
		}
		for _, hidden := range []string{d.eve.ID, d.root.ID, s.NewTenant("beta", "it-desk").NewUser("x", nil).ID, "nobody"} {
			lead.Do("GET", "/v1/users/"+hidden, nil).Refused(404, "not_found")
		}
		d.bob.SignIn().Do("GET", "/v1/users", nil).Refused(403, "no_permission")
	})
}
