package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// record is the newest record of an event, as the trail answers it.
func record(t *testing.T, c *servertest.Client, event string) object {
	t.Helper()
	return recordsBy(t, c, event)[0]
}

// recordsBy are the records of an event, the newest first, up to a page of them.
func recordsBy(t *testing.T, c *servertest.Client, event string) (found []object) {
	t.Helper()
	for _, item := range c.Do("GET", "/v1/audit/records?event="+event, nil).Expect(200).Value("items").([]any) {
		found = append(found, item.(object)["record"].(object))
	}
	if len(found) == 0 {
		t.Fatalf("no record of %s", event)
	}
	return found
}

// part is one member of a record as JSON.
func part(t *testing.T, r object, name string) string {
	t.Helper()
	text, err := json.Marshal(r[name])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRecordsTellWhatChanged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		ann := acme.NewUser("ann", nil, "user")
		newRole(admin, "helper", "knowledge:read").Expect(201)
		patch(admin, "/v1/roles/helper", object{"permissions": []string{"knowledge:*"}, "label_zh": "帮手"}).Expect(200)
		r := record(t, admin, "role.update")
		if got, want := part(t, r, "target"), `[{"id":"helper","type":"role"}]`; got != want {
			t.Errorf("target %s, want %s", got, want)
		}
		change := r["change"].(object)
		if got, want := part(t, change, "permissions"), `{"new":["knowledge:*:all"],"old":["knowledge:read:all"]}`; got != want {
			t.Errorf("permissions %s, want %s", got, want)
		}
		if label := change["label_zh"].(object); len(change) != 2 || label["committed"] == nil || label["new"] != nil {
			t.Errorf("change %v, want permissions and a commitment to label_zh", change)
		}
		put(admin, "/v1/users/"+ann.ID+"/roles", object{"roles": []any{"agent", "helper"}, "permission_list": []string{}}).Expect(200)
		r = record(t, admin, "user.set_roles")
		if got, want := part(t, r, "change"), `{"permission_list":{"new":[]},"role_assignments":{},"roles":{"new":["agent","helper"],"old":["user"]}}`; got != want {
			t.Errorf("change %s, want %s", got, want)
		}
		if action := r["action"].(object); action["permission"] != "role:assign:all" {
			t.Errorf("action %v", action)
		}
		put(admin, "/v1/users/"+ann.ID+"/roles", object{"roles": []any{"helper", object{"role": "agent", "departments": []string{}}}, "permission_list": []string{}}).Expect(200)
		if got, want := part(t, record(t, admin, "user.set_roles"), "change"), `{"role_assignments":{}}`; got != want {
			t.Errorf("change %s, want %s", got, want)
		}
		admin.Do("POST", "/v1/roles/helper/deactivate", nil).Expect(200)
		if got, want := part(t, record(t, admin, "role.deactivate"), "change"), `{"active":{"new":["false"],"old":["true"]}}`; got != want {
			t.Errorf("change %s, want %s", got, want)
		}
	})
}

// What changes the roles of many says of each what they had and have; of those to whom the same happened, once.
func TestRecordsTellOfManyWhatEachHad(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		ann, bob := acme.NewUser("ann", nil, "user"), acme.NewUser("bob", nil, "user")
		eve, dan := acme.NewUser("eve", nil, "user", "agent"), acme.NewUser("dan", nil, "agent")
		change := object{"users": []string{ann.ID, bob.ID, eve.ID, dan.ID}, "give": []any{"agent"}, "take": []string{"user"}}
		admin.Do("POST", "/v1/users/roles", change).Expect(200)
		items := admin.Do("GET", "/v1/audit/records?event=user.change_roles", nil).Expect(200).Value("items").([]any)
		if len(items) != 2 {
			t.Fatalf("%d records", len(items))
		}
		for i, want := range []struct {
			users []string
			roles string
			n     float64
		}{
			{[]string{eve.ID}, `{"new":["agent"],"old":["agent","user"]}`, 1},
			{[]string{ann.ID, bob.ID}, `{"new":["agent"],"old":["user"]}`, 3}, // the first one counts all
		} {
			r := items[i].(object)["record"].(object)
			same(t, "targets", column(t, r["target"], "id"), want.users)
			if got := part(t, r["change"].(object), "roles"); got != want.roles || r["outcome"].(object)["n"] != want.n {
				t.Errorf("roles %s, want %s; outcome %v", got, want.roles, r["outcome"])
			}
		}
		if found := admin.Do("GET", "/v1/audit/records?event=user.change_roles&target_type=user&target="+dan.ID, nil).Expect(200).Value("items").([]any); len(found) != 0 {
			t.Errorf("whose roles stayed is a target: %v", found)
		}
		admin.Do("POST", "/v1/users/roles", change).Expect(200)
		if r := record(t, admin, "user.change_roles"); r["target"] != nil || r["change"] != nil {
			t.Errorf("nothing has changed, and the record says %v of %v", r["change"], r["target"])
		}
	})
}

func TestRecordsOfRefusalsGiveTheReason(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin")
		admin := root.SignIn()
		put(admin, "/v1/users/"+root.ID+"/roles", object{"roles": []any{}}).Refused(403, "own_access")
		outcome := record(t, admin, "user.set_roles")["outcome"].(object)
		if outcome["result"] != "failure" || outcome["reason"] != "own_access" || outcome["code"] != float64(403) {
			t.Errorf("outcome %v", outcome)
		}
	})
}
