package desk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// titles are those of a page of canned replies, in order.
func titles(a *servertest.Answer) []string {
	var page struct{ Items []struct{ Title string } }
	a.Expect(200).Into(&page)
	list := []string{}
	for _, item := range page.Items {
		list = append(list, item.Title)
	}
	return list
}

// offer has somebody make a canned reply; "" is for everybody's.
func (w *talk) offer(who, title, department string) *servertest.Answer {
	w.t.Helper()
	body := object{"title": title, "body": "Have you tried turning it off and on again?"}
	if department != "" {
		body["department"] = department
	}
	return w.as(who).Do("POST", "/v1/canned-replies", body)
}

func TestACannedReplyFromItsMakingToItsEnd(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root := w.as("root")
		made := root.Do("POST", "/v1/canned-replies", object{
			"title": " 重启 ", "body": " Please restart.\r\nThen wait. ", "shortcut": "re-boot_1", "department": w.support,
		}).Expect(201)
		path := "/v1/canned-replies/" + made.String("id")
		if made.String("title") != "重启" || made.String("body") != "Please restart.\nThen wait." || made.String("shortcut") != "re-boot_1" ||
			made.String("author", "name") != "root" || made.String("department", "name") != "Support" || made.ETag() != `"1"` {
			t.Errorf("made %s", made.Body)
		}
		for _, body := range []string{
			`{"title":"x"}`, `{"title":" ","body":"x"}`, `{"title":"x","body":" \n "}`, `{"title":"x","body":"a\u0007"}`,
			`{"title":"x","body":"x","shortcut":"Re"}`, `{"title":"x","body":"x","shortcut":""}`, `{"title":"x","body":"x","shortcut":"a b"}`,
			`{"title":"x","body":"x","shortcut":"` + strings.Repeat("s", 33) + `"}`, `{"title":"x","body":"` + strings.Repeat("b", 8001) + `"}`,
			`{"title":"x","body":"x","department":"nowhere"}`,
		} {
			root.Do("POST", "/v1/canned-replies", body).Refused(422, "invalid_request")
		}
		root.Do("POST", "/v1/canned-replies", `{"title":"x","body":"x","shortcut":"re-boot_1"}`).Refused(409, "shortcut_taken")
		plain := patch(root, path, made.ETag(), `{"shortcut":null,"department":null,"body":"Again."}`).Expect(200)
		if plain.Value("shortcut") != nil || plain.Value("department") != nil || plain.String("title") != "重启" || plain.String("body") != "Again." {
			t.Errorf("changed %s", plain.Body)
		}
		root.Do("POST", "/v1/canned-replies", `{"title":"Other","body":"x","shortcut":"re-boot_1"}`).Expect(201)
		patch(root, path, plain.ETag(), `{"shortcut":"re-boot_1"}`).Refused(409, "shortcut_taken")
		patch(root, path, made.ETag(), `{"title":"y"}`).Refused(412, "stale_version")
		for query, want := range map[string][]string{"": {"Other", "重启"}, "?q=OTH": {"Other"}, "?q=boot": {"Other"}, "?q=重": {"重启"}, "?q=_": {"Other"}} {
			if list := titles(root.Do("GET", "/v1/canned-replies"+query, nil)); !slices.Equal(list, want) {
				t.Errorf("%q finds %v", query, list)
			}
		}
		root.Do("DELETE", path, nil, "If-Match", plain.ETag()).Expect(204)
		root.Do("DELETE", path, nil, "If-Match", plain.ETag()).Refused(404, "not_found")
	})
}

// What is offered to agents is what their permission covers and, to choose from, everybody's and their
// departments'.
func TestWhoIsOfferedWhichCannedReplies(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.offer("root", "All", "").Expect(201)
		w.offer("root", "Sales", w.sales).Expect(201)
		w.offer("lin", "Support", w.support).Expect(201)
		for name, permissions := range map[string][]string{
			"chooser": {"conversation:update:own"}, "author": {"canned_reply:read:own", "canned_reply:update:own"}, "local": {"canned_reply:read:department"},
		} {
			w.as("root").Do("POST", "/v1/roles", object{"name": name, "permissions": permissions}).Expect(201)
			w.clients[name] = w.NewUser(name, []string{w.support}, name).SignIn()
		}
		for who, want := range map[string][]string{
			"root": {"All", "Sales", "Support"}, "ann": {"All", "Sales", "Support"}, // the preset's agents read all
			"chooser": {"All", "Support"}, "author": {}, "local": {"Support"}, "zoe": {},
		} {
			if list := titles(w.as(who).Do("GET", "/v1/canned-replies", nil)); !slices.Equal(list, want) {
				t.Errorf("%s is offered %v", who, list)
			}
		}
		w.as("rui").Do("GET", "/v1/canned-replies", nil).Refused(403, "no_permission")
	})
}

// Who may offer replies in a department offers none elsewhere, although they would be the author.
func TestWhereCannedRepliesMayBeOffered(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.offer("lin", "Everywhere", "").Refused(403, "out_of_scope")
		w.offer("lin", "Elsewhere", w.sales).Refused(403, "out_of_scope")
		w.offer("ann", "Anywhere", w.support).Refused(403, "no_permission")
		made := w.offer("lin", "Here", w.support).Expect(201)
		path := "/v1/canned-replies/" + made.String("id")
		patch(w.as("lin"), path, made.ETag(), object{"department": w.sales}).Refused(403, "out_of_scope")
		patch(w.as("lin"), path, made.ETag(), object{"department": nil}).Refused(403, "out_of_scope")
		patch(w.as("eva"), path, made.ETag(), object{"title": "Taken"}).Refused(403, "out_of_scope")
		patch(w.as("zoe"), path, made.ETag(), object{"title": "Taken"}).Refused(404, "not_found")
		changed := patch(w.as("lin"), path, made.ETag(), object{"title": "Still here", "department": w.support}).Expect(200)
		w.as("eva").Do("DELETE", path, nil, "If-Match", changed.ETag()).Refused(403, "out_of_scope")
		w.as("lin").Do("DELETE", path, nil, "If-Match", changed.ETag()).Expect(204)
	})
}
