package identity_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Two usernames never look the same because one holds what nobody sees.
func TestUsernamesHoldNothingInvisible(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		for _, unseen := range []string{
			"\u3164", "\uffa0", "\u115f", "\u1160", "\u2800", "\ufe0f", "\u034f", "\u180b", "\u17b4", "\u17b5", "\u200b", "\u200c", "\u200d",
			"\u180e", "\u2060", "\ufeff", "\u00ad", "\u061c", "\u202e", "\u2066", "\u0601", "\U000e0041", "\U000e0100", "\ue000",
		} {
			for _, username := range []string{"root" + unseen, "ro" + unseen + "ot", unseen + "root", unseen} {
				d.admin.Do("POST", "/v1/users", map[string]any{"username": username}).Refused(422, "invalid_request")
			}
			d.patch(d.admin, d.bob.ID, map[string]any{"username": "root" + unseen}).Refused(422, "invalid_request")
		}
		d.admin.Do("POST", "/v1/users", `{"username":"张三.é-ß"}`).Expect(201)
	})
}

// The rule on names is that of package tenant; here it is seen to apply to people.
func TestNamesOfPeopleAreSeenAsTheyAre(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		ann := d.ann.SignIn()
		for _, name := range []string{"\u202eroot", "Ann\u200b", "\u3164", "\u200dAnn"} {
			body := map[string]any{"name": name}
			d.patch(d.admin, d.bob.ID, body).Refused(422, "invalid_request")
			ann.Do("PATCH", "/v1/me", body, "If-Match", d.read(d.ann.ID).ETag()).Refused(422, "invalid_request")
			d.admin.Do("POST", "/v1/users", map[string]any{"username": "x", "name": name}).Refused(422, "invalid_request")
		}
		d.patch(d.admin, d.bob.ID, map[string]any{"name": "محمد\u200cرضا"}).Expect(200)
	})
}
