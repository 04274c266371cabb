package tenant_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// give tells a tenant's administrators about somebody, as the command line would.
func give(t *testing.T, s *servertest.Server, at *servertest.Tenant, kind tenant.NoticeKind, user string) {
	t.Helper()
	err := s.DB.Write(t.Context(), at.ID, func(tx *store.Tx) error { return tenant.Give(t.Context(), tx, kind, user) })
	if err != nil {
		t.Fatal(err)
	}
}

type noticeItem struct {
	ID, Kind, User string
	AcknowledgedBy *string `json:"acknowledged_by"`
}

func notices(a *servertest.Answer) []noticeItem {
	var page struct{ Items []noticeItem }
	a.Expect(200).Into(&page)
	return page.Items
}

func TestANoticeIsShownUntilSomebodyAcknowledgesIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, beta := s.NewTenant("acme", "it-desk"), s.NewTenant("beta", "it-desk")
		root, other := acme.NewUser("root", nil, "admin"), acme.NewUser("other", nil, "admin")
		give(t, s, acme, tenant.AdminLink, root.ID)
		give(t, s, acme, tenant.FactorReset, root.ID)
		give(t, s, beta, tenant.AdminLink, root.ID)
		admin, second := root.SignIn(), other.SignIn()
		shown := notices(admin.Do("GET", "/v1/notices?acknowledged=false", nil))
		if len(shown) != 2 || shown[0].Kind != "factor_reset" || shown[1].Kind != "admin_link" || shown[1].User != root.ID {
			t.Fatalf("shown are %+v", shown)
		}
		path := "/v1/notices/" + shown[0].ID + "/acknowledge"
		for _, c := range []*servertest.Client{admin, second} { // the first stays
			if by := c.Do("POST", path, nil).Expect(200).String("acknowledged_by"); by != root.ID {
				t.Errorf("acknowledged by %s", by)
			}
		}
		if left := notices(second.Do("GET", "/v1/notices?acknowledged=false", nil)); len(left) != 1 || left[0].ID != shown[1].ID {
			t.Errorf("left are %+v", left)
		}
		if done := notices(second.Do("GET", "/v1/notices?acknowledged=true", nil)); len(done) != 1 || *done[0].AcknowledgedBy != root.ID {
			t.Errorf("done are %+v", done)
		}
		first := second.Do("GET", "/v1/notices?limit=1", nil)
		rest := notices(second.Do("GET", "/v1/notices?limit=1&cursor="+first.String("next"), nil))
		if len(rest) != 1 || rest[0].ID != shown[1].ID {
			t.Errorf("the second page holds %+v", rest)
		}
		stranger := beta.NewUser("stranger", nil, "admin").SignIn()
		stranger.Do("POST", path, nil).Refused(404, "not_found")
		acme.NewUser("ann", nil, "agent").SignIn().Do("GET", "/v1/notices", nil).Refused(403, "no_permission")
	})
}
