package desk_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

type object = map[string]any

// patch sends a change with an If-Match.
func patch(c *servertest.Client, path, etag string, body any) *servertest.Answer {
	return c.Do("PATCH", path, body, "If-Match", etag)
}

func TestHowADeskWorksIsReadAndChanged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		support := acme.NewDepartment("Support", "")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		before := admin.Do("GET", "/v1/desk/settings", nil).Expect(200)
		if before.Value("relax_seconds") != 120.0 || before.Value("reopen_seconds") != 259200.0 || before.Value("fallback_department") != nil ||
			before.Value("busy_may_take") != true || before.ETag() != `"1"` {
			t.Errorf("a new desk has %s", before.Body)
		}
		after := patch(admin, "/v1/desk/settings", before.ETag(), object{
			"fallback_department": support, "relax_seconds": 60, "overflow_seconds": 60, "open_seconds": 61, "reserve": 0,
			"preferred_seconds": 0, "first_answer_seconds": 90, "park_seconds": 3600, "resolve_seconds": 2592000, "reopen_seconds": 0,
			"busy_may_take": false, "monitors_shown": false, "supervision_reason": true,
		}).Expect(200)
		for name, want := range (object{
			"fallback_department": support, "relax_seconds": 60.0, "overflow_seconds": 60.0, "open_seconds": 61.0, "reserve": 0.0,
			"preferred_seconds": 0.0, "first_answer_seconds": 90.0, "park_seconds": 3600.0, "resolve_seconds": 2592000.0, "reopen_seconds": 0.0,
			"busy_may_take": false, "monitors_shown": false, "supervision_reason": true, "version": 2.0,
		}) {
			if got := after.Value(name); got != want {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
		again := admin.Do("GET", "/v1/desk/settings", nil).Expect(200)
		if string(again.Body) != string(after.Body) || again.ETag() != after.ETag() {
			t.Errorf("read %s, was told %s", again.Body, after.Body)
		}
		none := patch(admin, "/v1/desk/settings", after.ETag(), `{"fallback_department":null}`).Expect(200)
		if none.Value("fallback_department") != nil {
			t.Errorf("without a fallback: %s", none.Body)
		}
	})
}

func TestHowADeskWorksRefuses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, globex := s.NewTenant("acme", "it-desk"), s.NewTenant("globex", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		for _, body := range []any{
			`{"relax_seconds":-1}`, `{"relax_seconds":121,"overflow_seconds":120}`, `{"overflow_seconds":901}`, `{"open_seconds":86401}`,
			`{"open_seconds":299}`, `{"reserve":101}`, `{"preferred_seconds":601}`, `{"first_answer_seconds":86401}`,
			`{"park_seconds":2592001}`, `{"resolve_seconds":-1}`, `{"reopen_seconds":2592001}`, `{"reserve":1.5}`, `{"reserve":null}`,
			`{"fallback_department":"nowhere"}`, `{"fallback_department":""}`, `{"busy_may_take":"yes"}`, `{"version":7}`,
			object{"fallback_department": globex.NewDepartment("Theirs", "")},
		} {
			patch(admin, "/v1/desk/settings", `"1"`, body).Refused(422, "invalid_request")
		}
		patch(admin, "/v1/desk/settings", `"2"`, `{"reserve":2}`).Refused(412, "stale_version")
		admin.Do("PATCH", "/v1/desk/settings", `{"reserve":2}`).Refused(428, "version_required")
		if now := admin.Do("GET", "/v1/desk/settings", nil).Expect(200).ETag(); now != `"1"` {
			t.Errorf("a refused change moved the version to %s", now)
		}
	})
}
