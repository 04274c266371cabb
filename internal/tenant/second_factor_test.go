package tenant_test

import (
	"encoding/json"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

func TestATenantDemandsASecondFactorOfEverybody(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		ann := "/v1/users/" + acme.NewUser("ann", nil, "user").ID
		settings := admin.Do("GET", "/v1/settings", nil).Expect(200)
		if settings.Value("require_second_factor") != false || admin.Do("GET", ann, nil).Expect(200).Value("requires_mfa") != false {
			t.Fatalf("from the beginning: %s", settings.Body)
		}
		settings = patch(admin, "/v1/settings", settings.ETag(), `{"require_second_factor":true}`).Expect(200)
		if settings.Value("require_second_factor") != true {
			t.Errorf("answered %s", settings.Body)
		}
		if read := admin.Do("GET", ann, nil).Expect(200); read.Value("requires_mfa") != true || read.Value("second_factor") != false {
			t.Errorf("ann is %s", read.Body)
		}
		if got, want := changeOf(t, admin, "settings.update"), `{"require_second_factor":{"new":["true"],"old":["false"]}}`; got != want {
			t.Errorf("recorded %s, want %s", got, want)
		}
		patch(admin, "/v1/settings", settings.ETag(), `{"require_second_factor":false}`).Expect(200)
		if admin.Do("GET", ann, nil).Expect(200).Value("requires_mfa") != false {
			t.Error("it was no longer demanded, and is")
		}
	})
}

// changeOf is what the newest record of an event says of the change.
func changeOf(t *testing.T, c *servertest.Client, event string) string {
	t.Helper()
	var page struct {
		Items []struct {
			Record struct{ Change json.RawMessage }
		}
	}
	c.Do("GET", "/v1/audit/records?limit=1&event="+event, nil).Expect(200).Into(&page)
	return string(page.Items[0].Record.Change)
}

// An administrator who has not enrolled can, with the password; one who has neither cannot.
func TestADemandLeavesAnAdministratorWhoCanSignIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin")
		root.SignIn().Do("POST", "/v1/roles", map[string]any{
			"name": "caretaker", "permissions": []string{"system_config:read", "system_config:update"},
		}).Expect(201)
		caretaker := acme.NewUser("care", nil, "caretaker").SignIn()
		alter := func(statement string) {
			t.Helper()
			err := s.DB.Write(t.Context(), acme.ID, func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), statement, root.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		etag := func() string { return caretaker.Do("GET", "/v1/settings", nil).Expect(200).ETag() }
		alter(`DELETE FROM second_factors WHERE tenant_id = $1 AND user_id = $2`)
		alter(`UPDATE users SET password_hash = NULL WHERE tenant_id = $1 AND id = $2`)
		patch(caretaker, "/v1/settings", etag(), `{"require_second_factor":true}`).Refused(409, "last_administrator")
		alter(`UPDATE users SET password_hash = 'some' WHERE tenant_id = $1 AND id = $2`)
		patch(caretaker, "/v1/settings", etag(), `{"require_second_factor":true}`).Expect(200)
	})
}
