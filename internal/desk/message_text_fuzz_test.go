package desk_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/server/servertest"
)

func FuzzTextIsTakenOrRefused(f *testing.F) {
	for _, seed := range []string{
		"Hello", " 你好 \r\n", "a\x00b", "\xff", "\u200b\u2060", "\u202eolleh", "e\u0301", "👩‍💻", "\ufeff", "\u2800", "\t\n", "\u0085", strings.Repeat("长", 8001),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		taken, err := desk.CheckText("body.text", text)
		if err != nil {
			return
		}
		switch again, err := desk.CheckText("body.text", taken); {
		case err != nil || again != taken:
			t.Errorf("%q becomes %q, and that %q, %v", text, taken, again, err)
		case !utf8.ValidString(taken) || utf8.RuneCountInString(taken) > desk.MaxText:
			t.Errorf("%q was taken", text)
		case strings.ContainsFunc(taken, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
			t.Errorf("%q was taken with a control character", text)
		case !strings.ContainsFunc(taken, func(r rune) bool {
			return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Co) || r > unicode.MaxLatin1
		}):
			t.Errorf("%q was taken, in which there is nothing to see", text)
		}
	})
}

// What is taken is read as it was said, from both databases; everything else is refused as a bad request.
func TestTextIsReadAsItWasSaid(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		rapid.Check(t, func(rt *rapid.T) {
			text := rapid.StringN(0, 50, -1).Draw(rt, "text")
			taken, err := desk.CheckText("body.text", text)
			answer := w.say("rui", "text", text)
			if err != nil || strings.ContainsAny(text, "\x00\uFFFD") { // no operation takes those
				if answer.Status != 422 {
					rt.Fatalf("%q is answered %d: %s", text, answer.Status, answer.Body)
				}
				return
			}
			if said := answer.Expect(201).String("text"); said != taken {
				rt.Fatalf("%q was said as %q", text, said)
			}
			if p := w.hears("ann", "?limit=1"); p.Items[0].Text != taken {
				rt.Fatalf("%q is read as %q", text, p.Items[0].Text)
			}
		})
	})
}
