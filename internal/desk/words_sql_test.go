package desk_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// index lets a conversation be found by a text.
func (w *talk) index(conversation, text string, public bool) {
	w.t.Helper()
	err := w.s.DB.Write(w.t.Context(), w.ID, func(tx *store.Tx) error {
		return desk.AddWords(w.t.Context(), tx, conversation, text, public)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// finds tells whether somebody, if they may see the conversation at all, finds it.
func (w *talk) finds(who, conversation, query string) bool {
	w.t.Helper()
	var found []string
	err := w.s.DB.Read(w.t.Context(), w.as(who).User.Tenant.ID, func(tx *store.Tx) error {
		for asked, own := range map[string]bool{"c.requester_id = ?": true, "c.requester_id <> ?": false} {
			where := tx.Where("c")
			where.And(asked, w.user(who))
			words := desk.WithWords(query, own)
			where.And(words.Text, words.Args...)
			some, err := store.Collect(w.t.Context(), tx, store.Text, `SELECT c.id FROM conversations c`+where.String(), where.Args()...)
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.Contains(found, conversation)
}

func TestAConversationIsFoundByWhatOneMaySeeOfIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		other := w.begin("uma", "")
		w.index(w.id, "打印机卡纸，VPN 也断了", true)
		w.index(w.id, "Outlook", true)
		w.index(w.id, "Outlook 打印机", true) // words again
		w.index(w.id, "", true)
		w.index(w.id, "密码 VPN secret", false)
		w.index(other, "打印店", true)
		for query, wants := range map[string]struct{ agent, requester bool }{
			"打印": {true, true}, "打印机": {true, true}, "卡纸 打印": {true, true}, "纸": {true, true}, "机": {true, true}, "了": {true, true},
			"vpn": {true, true}, "ＶＰＮ ": {true, true}, "v": {true, true}, "vp ": {}, "VPN outl": {true, true}, "outl vpn": {},
			"密码": {agent: true}, "密": {agent: true}, "打印 密码": {agent: true}, "secret": {agent: true}, "sec": {agent: true}, "vpn secr": {agent: true},
			"打印店": {}, "印卡": {}, "": {}, "  ": {}, "%": {}, "_": {}, "' OR 1=1": {}, "打印 nothing": {},
		} {
			for who, want := range map[string]bool{"ann": wants.agent, "root": wants.agent, "uma": wants.agent, "rui": wants.requester, "zoe": false} {
				if got := w.finds(who, w.id, query); got != want {
					t.Errorf("%s looks for %q and finds it: %t", who, query, got)
				}
			}
		}
		if !w.finds("rui", other, "打印店") || w.finds("rui", other, "vpn") {
			t.Error("another conversation is not found by its own words")
		}
	})
}

// Any two characters of what was said find it; what was said among agents finds nothing for the requester
// that is not public too.
func TestEveryTwoCharactersFindTheirConversation(t *testing.T) {
	hanzi := rapid.StringOfN(rapid.RuneFrom([]rune("电脑打印机密码网络断连不上")), 2, 20, -1)
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		rapid.Check(t, func(rt *rapid.T) {
			id := w.begin("rui", "")
			public, private := hanzi.Draw(rt, "public"), hanzi.Draw(rt, "private")
			w.index(id, public, true)
			w.index(id, private, false)
			part := func(text string) string {
				all := []rune(text)
				from := rapid.IntRange(0, len(all)-2).Draw(rt, "from")
				return string(all[from : from+2])
			}
			if p := part(public); !w.finds("rui", id, p) || !w.finds("ann", id, p) {
				rt.Fatalf("%q is not found in %q", p, public)
			}
			p := part(private)
			if !w.finds("ann", id, p) {
				rt.Fatalf("%q is not found in the note %q", p, private)
			}
			if w.finds("rui", id, p) != strings.Contains(public, p) {
				rt.Fatalf("the requester of %q looks for %q of the note %q", public, p, private)
			}
		})
	})
}
