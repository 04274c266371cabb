package policy_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// While the access of a tenant is being changed, previews of it wait, so many and no more; others' are made, and those that
// waited are afterwards.
func TestAFewPreviewsWaitAndNoMore(t *testing.T) {
	s := servertest.Run(t, storetest.Postgres(t))
	o := newOffice(t, s)
	newRole(o.root, "helper", "tag:read").Expect(201)
	other := s.NewTenant("elsewhere", "it-desk")
	root := other.NewUser("chief", nil, "admin").SignIn()
	preview := func(c *servertest.Client) *servertest.Answer {
		return c.Do("POST", "/v1/roles/helper/preview", object{"edit": object{"permissions": []string{"tag:read", "tag:update"}}})
	}
	newRole(root, "helper", "tag:read").Expect(201)
	const asked, wait = 20, 8
	answers := make(chan *servertest.Answer, asked)
	err := s.DB.Write(t.Context(), o.ID, func(tx *store.Tx) error {
		if _, err := tx.Exec(t.Context(), `UPDATE tenants SET policy_version = policy_version WHERE tenant_id = $1`); err != nil {
			return err
		}
		for range asked {
			go func() { answers <- preview(o.root) }()
		}
		for range asked - wait {
			if a := (<-answers).Refused(429, "rate_limited"); a.Header.Get("Retry-After") != "2" {
				t.Errorf("Retry-After is %q", a.Header.Get("Retry-After"))
			}
		}
		preview(root).Expect(200)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range wait {
		(<-answers).Expect(200)
	}
	preview(o.root).Expect(200)
}
