package identity_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// The record of a change proves personal values without holding them.
func TestRecordsOnlyCommitToWhatIsPersonal(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		d.patch(d.admin, d.ann.ID, map[string]any{"email": "ann@acme.example", "locale": "zh-CN"}).Expect(200)
		found := d.admin.Do("GET", "/v1/audit/records?event=user.update&target_type=user&target="+d.ann.ID, nil).Expect(200)
		var page struct {
			Items []struct {
				Record struct {
					Change map[string]json.RawMessage
				}
				Personal map[string]string
			}
		}
		found.Into(&page)
		if len(page.Items) != 1 {
			t.Fatalf("one change left %d records: %s", len(page.Items), found.Body)
		}
		change := page.Items[0].Record.Change
		if !strings.Contains(string(change["locale"]), "zh-CN") || change["email"] == nil || change["name"] != nil {
			t.Errorf("the record says %s", change)
		}
		if strings.Contains(string(change["email"]), "acme.example") {
			t.Errorf("the record holds the address: %s", change["email"])
		}
		if page.Items[0].Personal["change.email.new"] != "ann@acme.example" {
			t.Errorf("beside the record stands %v", page.Items[0].Personal)
		}
	})
}

// No secret reaches the trail.
func TestRecordsHoldNoSecrets(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		link := d.link(d.ann.ID)
		d.redeem(link, fresh).Expect(200)
		d.redeem(link, fresh).Refused(422, "bad_link")
		trail := string(d.admin.Do("GET", "/v1/audit/records?event=password_link.*", nil).Expect(200).Body)
		if n := strings.Count(trail, "password_link.redeem"); n != 2 {
			t.Errorf("two calls left %d records in the tenant's trail", n)
		}
		_, secret, _ := strings.Cut(link, "#")
		for _, text := range []string{secret, secret[strings.LastIndex(secret, ".")+1:], fresh} {
			if strings.Contains(trail, text) {
				t.Errorf("the trail holds %q: %s", text, trail)
			}
		}
	})
}
