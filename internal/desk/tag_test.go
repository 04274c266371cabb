package desk_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestATagFromItsMakingToItsEnd(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root := w.as("root")
		made := root.Do("POST", "/v1/tags", `{"name":" VPN "}`).Expect(201)
		path := "/v1/tags/" + made.String("id")
		if made.String("name") != "VPN" || made.ETag() != `"1"` {
			t.Errorf("made %s", made.Body)
		}
		root.Do("POST", "/v1/tags", `{"name":"打印"}`).Expect(201)
		root.Do("POST", "/v1/tags", `{"name":"ｖｐｎ"}`).Refused(409, "tag_name_taken")
		root.Do("POST", "/v1/tags", `{"name":" "}`).Refused(422, "invalid_request")
		root.Do("POST", "/v1/tags", "{\"name\":\"a\\u200b\"}").Refused(422, "invalid_request")
		renamed := patch(root, path, made.ETag(), `{"name":"Tunnel"}`).Expect(200)
		patch(root, path, made.ETag(), `{"name":"Again"}`).Refused(412, "stale_version")
		patch(root, path, renamed.ETag(), `{"name":"打印"}`).Refused(409, "tag_name_taken")
		for query, want := range map[string][]string{"": {"Tunnel", "打印"}, "?q=tun": {"Tunnel"}, "?q=%25": {}, "?limit=1": {"Tunnel"}} {
			if list := names(root.Do("GET", "/v1/tags"+query, nil)); !slices.Equal(list, want) {
				t.Errorf("%q finds %v", query, list)
			}
		}
		w.write(`INSERT INTO conversation_tags (tenant_id, conversation_id, tag_id) VALUES ($1, $2, $3)`, w.id, renamed.String("id"))
		root.Do("DELETE", path, nil, "If-Match", renamed.ETag()).Refused(409, "tag_in_use")
		w.write(`DELETE FROM conversation_tags WHERE tenant_id = $1`)
		root.Do("DELETE", path, nil, "If-Match", renamed.ETag()).Expect(204)
		if list := names(root.Do("GET", "/v1/tags", nil)); !slices.Equal(list, []string{"打印"}) {
			t.Errorf("left are %v", list)
		}
	})
}

// Whoever works conversations chooses from the tags, and whoever asks does not see them.
func TestWhoSeesTags(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.as("root").Do("POST", "/v1/tags", `{"name":"VPN"}`).Expect(201)
		for who, sees := range map[string]bool{"ann": true, "lin": true, "root": true, "ada": false, "rui": false} {
			list := w.as(who).Do("GET", "/v1/tags", nil)
			if sees {
				if found := names(list); !slices.Equal(found, []string{"VPN"}) {
					t.Errorf("%s sees %v", who, found)
				}
			} else {
				list.Refused(403, "no_permission")
			}
		}
		if theirs := names(w.as("zoe").Do("GET", "/v1/tags", nil)); len(theirs) > 0 {
			t.Errorf("another tenant sees %v", theirs)
		}
		w.as("lin").Do("POST", "/v1/tags", `{"name":"Mine"}`).Refused(403, "no_permission")
	})
}
