package identity_test

import (
	"errors"
	"testing"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// enrol gives a user a second factor, around HTTP, and returns a recovery code.
func (d *desk) enrol(id string) (recovery string) {
	d.t.Helper()
	err := d.s.DB.Write(d.t.Context(), d.ID, func(tx *store.Tx) error {
		if err := d.s.Identity.Enrol(d.t.Context(), tx, id, identity.NewFactorSecret()); err != nil {
			return err
		}
		codes, err := d.s.Identity.NewRecoveryCodes(d.t.Context(), tx, id)
		recovery = codes[0]
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return recovery
}

func resetFactor(c *servertest.Client, id string) *servertest.Answer {
	return c.Do("POST", "/v1/users/"+id+"/second-factor/reset", nil)
}

func TestAnAdministratorTakesALostSecondFactorAway(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		bob := d.bob.SignIn()
		recovery := d.enrol(d.bob.ID)
		before := d.read(d.bob.ID)
		if before.Value("second_factor") != true {
			t.Fatalf("enrolled, but %s", before.Body)
		}
		after := resetFactor(d.admin, d.bob.ID).Expect(200)
		read := d.read(d.bob.ID)
		if after.Value("second_factor") != false || after.ETag() == before.ETag() {
			t.Errorf("answered %s as %s", after.Body, after.ETag())
		}
		if string(after.Body) != string(read.Body) || after.ETag() != read.ETag() {
			t.Errorf("answered %s as %s, then read %s as %s", after.Body, after.ETag(), read.Body, read.ETag())
		}
		bob.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		err := s.DB.Write(t.Context(), d.ID, func(tx *store.Tx) error {
			_, err := s.Identity.UseFactor(t.Context(), tx, d.bob.ID, recovery)
			return err
		})
		if !errors.Is(err, identity.ErrWrongCode) {
			t.Errorf("the recovery code: %v", err)
		}
		resetFactor(d.admin, d.bob.ID).Expect(200) // there is nothing left to take away
	})
}

func TestASecondFactorIsResetByWhoMayWhenItIsReset(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		helper := d.somebody("helper", []string{d.support}, "user:read:department", "user:reset_credentials:department")
		carl := d.NewUser("carl", []string{d.phone})
		d.enrol(carl.ID)
		resetFactor(helper, carl.ID).Expect(200) // Phone lies below Support
		resetFactor(helper, d.eve.ID).Refused(404, "not_found")
		resetFactor(helper, "nobody").Refused(404, "not_found")
		resetFactor(d.ann.SignIn(), carl.ID).Refused(403, "no_permission")
		resetFactor(d.admin, d.root.ID).Refused(403, "own_second_factor")
		strong := d.NewUser("strong", []string{d.phone}, "admin")
		d.enrol(strong.ID)
		resetFactor(helper, strong.ID).Refused(403, "stronger_user")
		if d.read(strong.ID).Value("second_factor") != true {
			t.Error("a refused reset took the second factor away")
		}
		d.admin.Do("POST", "/v1/users/"+carl.ID+"/disable", nil).Expect(200)
		resetFactor(helper, carl.ID).Expect(200)
	})
}

func TestAResetIsRecordedByNameAlone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		d.enrol(d.bob.ID)
		resetFactor(d.admin, d.bob.ID).Expect(200)
		var page struct {
			Items []struct {
				Record struct {
					Target []struct{ Type, ID string }
					Change map[string]map[string]any
				}
			}
		}
		d.admin.Do("GET", "/v1/audit/records?limit=1&event=second_factor.reset", nil).Expect(200).Into(&page)
		r := page.Items[0].Record
		values, named := r.Change["second_factor"]
		if len(r.Target) != 1 || r.Target[0].ID != d.bob.ID || len(r.Change) != 1 || !named || len(values) != 0 {
			t.Errorf("recorded %+v", r)
		}
	})
}
