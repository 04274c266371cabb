package server_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// looksAround is somebody of the demonstration who has signed in.
func looksAround(t *testing.T, s *servertest.Server, people []server.DemoPerson, tenant, username string) *servertest.Client {
	t.Helper()
	c := s.Client()
	for _, p := range people {
		if p.Tenant != tenant || p.Username != username {
			continue
		}
		answer := c.Do("POST", "/v1/auth/login", map[string]any{"tenant": tenant, "username": username, "password": p.Password})
		if answer.Status == 401 {
			code, err := identity.FactorCode(p.SecondFactor, s.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			answer = c.Do("POST", "/v1/auth/login/otp", map[string]any{"challenge": answer.String("challenge"), "code": code})
		}
		c.Token = answer.Expect(200).String("access_token")
		return c
	}
	t.Fatalf("nobody in %s is called %s", tenant, username)
	return nil
}

// everything are all items of a list.
func everything(c *servertest.Client, path string) (items []map[string]any) {
	var page struct{ Items []map[string]any }
	c.Do("GET", path, nil).Expect(200).Into(&page)
	return page.Items
}

// What somebody who looks around finds at the desks: something of everything.
func TestDemoDesks(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		people, err := s.FillDemo(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Desk.Sweep(t.Context()); err != nil { // as soon as it serves
			t.Fatal(err)
		}
		for _, tenant := range []string{"it", "center"} {
			admin := looksAround(t, s, people, tenant, "admin")
			states, kinds := map[string]int{}, map[string]int{}
			rated, tagged := 0, 0
			for _, c := range everything(admin, "/v1/conversations?limit=200") {
				states[c["state"].(string)]++
				if c["rating"] != nil {
					rated++
				}
				if tags, _ := c["tags"].([]any); len(tags) > 0 {
					tagged++
				}
				for _, m := range everything(admin, "/v1/conversations/"+c["id"].(string)+"/messages?limit=200") {
					kinds[m["kind"].(string)]++
				}
			}
			if got := slices.Sorted(maps.Keys(states)); len(got) != 7 || rated == 0 || tagged == 0 {
				t.Errorf("%s: states %v, %d rated, %d tagged", tenant, states, rated, tagged)
			}
			if got := slices.Sorted(maps.Keys(kinds)); !slices.Equal(got, []string{"file", "note", "system", "text", "whisper"}) {
				t.Errorf("%s: kinds %v", tenant, kinds)
			}
			for _, a := range everything(admin, "/v1/agents") {
				if skills, _ := a["skill_tags"].([]any); len(skills) == 0 || a["max_load"] == 0.0 {
					t.Errorf("%s: %v", tenant, a)
				}
			}
			if len(everything(admin, "/v1/canned-replies")) == 0 {
				t.Errorf("%s has no canned replies", tenant)
			}
		}
	})
}

func TestDemoDesksAreFilledOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		count := func() int {
			people, err := s.FillDemo(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return len(everything(looksAround(t, s, people, "it", "admin"), "/v1/conversations?limit=200"))
		}
		if first, second := count(), count(); first == 0 || first != second {
			t.Errorf("%d conversations, and %d after a restart", first, second)
		}
	})
}

// The employee of the demonstration has asked something too, and sees of it what requesters see.
func TestDemoEmployeeHasRequests(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		people, err := s.FillDemo(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for tenant, username := range map[string]string{"it": "user", "center": "requester"} {
			employee := looksAround(t, s, people, tenant, username)
			mine := everything(employee, "/v1/conversations")
			if len(mine) == 0 {
				t.Errorf("%s has asked nothing", username)
			}
			for _, c := range mine {
				if c["face"] != "requester" {
					t.Errorf("%v", c)
				}
			}
		}
	})
}
