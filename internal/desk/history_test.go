package desk_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// A user whom something at the desk names stays, and so does everything of theirs.
func TestWhoHasHistoryIsNotDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root := w.as("root")
		w.offer("lin", "Here", w.support).Expect(201)
		for who, why := range map[string]string{"rui": "asked", "ann": "holds", "lin": "wrote"} {
			path := "/v1/users/" + w.user(who)
			before := root.Do("GET", path, nil).Expect(200)
			root.Do("DELETE", path, nil, "If-Match", before.ETag()).Refused(409, "user_has_history")
			if after := root.Do("GET", path, nil).Expect(200); string(after.Body) != string(before.Body) {
				t.Errorf("%s, who %s, was %s and is %s", who, why, before.Body, after.Body)
			}
			w.as(who).Do("GET", "/v1/me", nil).Expect(200) // the session has not ended either
		}
		if w.state(w.id) != "active "+w.user("ann") {
			t.Errorf("the conversation is %s", w.state(w.id))
		}
		root.Do("POST", "/v1/users/"+w.user("ann")+"/disable", nil).Expect(200)
	})
}

// Who was online and nothing more leaves nothing behind.
func TestAnAgentWithoutHistoryIsDeletedWithTheUser(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.as("bob").Do("PUT", "/v1/me/agent", `{"status":"online"}`).Expect(200)
		path := "/v1/users/" + w.user("bob")
		w.as("root").Do("DELETE", path, nil, "If-Match", w.as("root").Do("GET", path, nil).ETag()).Expect(204)
		w.as("root").Do("GET", "/v1/agents/"+w.user("bob"), nil).Refused(404, "not_found")
	})
}

// A department that the desk refers to stays, with its members and its version.
func TestADepartmentInUseIsNotDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root := w.as("root")
		serving, helping, falling, offering := w.NewDepartment("Serving", ""), w.NewDepartment("Helping", ""), w.NewDepartment("Falling", ""), w.NewDepartment("Offering", "")
		patch(root, "/v1/skills/network", `"1"`, object{"department": serving, "fallback_department": helping}).Expect(200)
		patch(root, "/v1/desk/settings", `"1"`, object{"fallback_department": falling}).Expect(200)
		w.offer("root", "Here", offering).Expect(201)
		for _, id := range []string{w.support, serving, helping, falling, offering} {
			path := "/v1/departments/" + id
			before := root.Do("GET", path, nil).Expect(200)
			root.Do("DELETE", path, nil, "If-Match", before.ETag()).Refused(409, "department_in_use")
			if after := root.Do("GET", path, nil).Expect(200); string(after.Body) != string(before.Body) {
				t.Errorf("it was %s and is %s", before.Body, after.Body)
			}
		}
		sales := "/v1/departments/" + w.sales
		root.Do("DELETE", sales, nil, "If-Match", root.Do("GET", sales, nil).ETag()).Expect(204)
	})
}
