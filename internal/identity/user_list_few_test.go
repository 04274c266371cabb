package identity_test

import (
	"fmt"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// crowd adds so many users to a department, with the role user, around the program.
func crowd(t *testing.T, s *servertest.Server, in *servertest.Tenant, department string, users int) {
	t.Helper()
	err := s.DB.Write(t.Context(), in.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(t.Context(), tx); err != nil {
			return err
		}
		for i := range users {
			id := fmt.Sprintf("crowd-%s-%04d", department, i)
			for _, statement := range []string{
				`INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active, first_admin, epoch, version, created_at, updated_at)
					VALUES ($1, $2, $2, $2, $2, $2, '', '', 'en', TRUE, FALSE, 1, 1, 0, 0)`,
				`INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, $2, '` + department + `')`,
				`INSERT INTO role_assignments (tenant_id, id, user_id, role, limited, created_at) VALUES ($1, $2, $2, 'user', FALSE, 0)`,
			} {
				if _, err := tx.Exec(t.Context(), statement, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Policy.Forget(in.ID)
}

// Where few can be on a page they are looked up, where many can be the names are walked through: whoever asks gets
// everybody all the same, and each once.
func TestFewAndManyAreListedAlike(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		small, large := acme.NewDepartment("Small", ""), acme.NewDepartment("Large", "")
		crowd(t, s, acme, small, 30)
		crowd(t, s, acme, large, 1005)
		root := acme.NewUser("root", nil, "admin").SignIn()
		root.Do("POST", "/v1/roles", map[string]any{"name": "reader", "permissions": []string{"user:read:department"}}).Expect(201)
		for _, test := range []struct {
			by    *servertest.Client
			query string
			want  int
		}{
			{root, "", 1038},
			{root, "&role=user", 1035},
			{root, "&role=admin", 1},
			{root, "&department=" + small, 31},
			{root, "&department=" + large + "&role=user", 1005},
			{acme.NewUser("clerk", []string{small}, "reader").SignIn(), "", 31},
			{acme.NewUser("chief", []string{large}, "reader").SignIn(), "&role=user", 1005},
		} {
			seen := map[string]bool{}
			for cursor := ""; ; {
				var page struct {
					Items []struct{ ID string }
					Next  string
				}
				test.by.Do("GET", "/v1/users?limit=200"+test.query+cursor, nil).Expect(200).Into(&page)
				for _, item := range page.Items {
					if seen[item.ID] {
						t.Fatalf("%q lists %s twice", test.query, item.ID)
					}
					seen[item.ID] = true
				}
				if page.Next == "" {
					break
				}
				cursor = "&cursor=" + page.Next
			}
			if len(seen) != test.want {
				t.Errorf("%q lists %d users, want %d", test.query, len(seen), test.want)
			}
		}
	})
}
