package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// excludeMany has three roles exclude each other in n exclusions, whose names are as long as names may be.
func excludeMany(t *testing.T, s *servertest.Server, tenant string, n int) (names []string) {
	t.Helper()
	err := s.DB.Write(t.Context(), tenant, func(tx *store.Tx) error {
		for i := range n {
			names = append(names, fmt.Sprintf("x%03d", i)+strings.Repeat("x", 60))
			_, err := tx.Exec(t.Context(), `
				INSERT INTO exclusions (tenant_id, name, at_most, description_zh, description_en, version, created_at, updated_at)
				VALUES ($1, $2, 1, '', '', 1, 0, 0)`, names[i])
			if err != nil {
				return err
			}
			for _, role := range []string{"cashier", "controller", "keeper"} {
				_, err := tx.Exec(t.Context(), `
					INSERT INTO exclusion_roles (tenant_id, exclusion, role)
					VALUES ($1, $2, $3)`, names[i], role)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestATenantHasOnlySoManyExclusions(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		excludeMany(t, s, acme.ID, 499)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		if got := exclude(root, "counter", 1, "cashier", "controller").Refused(409, "exclusions_full").String("detail"); got != "500 exclusions, at most 500" {
			t.Errorf("detail %q", got)
		}
		remove(root, "/v1/exclusions/till").Expect(204)
		exclude(root, "counter", 1, "cashier", "controller").Expect(201)
	})
}

// Every exclusion that a role joins or leaves is on the record, however many they are.
func TestEveryExclusionThatChangesIsOnTheRecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		names := excludeMany(t, s, acme.ID, 250)
		root.Do("POST", "/v1/roles/keeper/clone", object{"name": "keeper_two"}).Expect(201)
		remove(root, "/v1/roles/keeper_two").Expect(204)
		for event, change := range map[string]string{"role.clone": `{"new":["keeper_two"]}`, "role.delete": `{"old":["keeper_two"]}`} {
			var touched []string
			for _, r := range recordsBy(t, root, event) {
				for _, target := range r["target"].([]any) {
					if target := target.(object); target["type"] == "exclusion" {
						touched = append(touched, target["id"].(string))
						if got := part(t, r["change"].(object), "roles.difference"); got != change {
							t.Fatalf("%s: the record of an exclusion says %s", event, got)
						}
					}
				}
			}
			slices.Sort(touched)
			same(t, event, touched, names)
		}
		if got := etag(root, "/v1/exclusions/"+names[249]); got != `"3"` {
			t.Errorf("joined and left, an exclusion is of version %s", got)
		}
	})
}
