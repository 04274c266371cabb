package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// spoken is what a conversation should hold.
type spoken struct {
	public bool
	what   string // kind, and text or code
}

// script is a conversation with what should have been said in it, and the mode that Lin supervises in.
type script struct {
	*talk
	lines []spoken
	mode  string
	made  int
}

// next sends something that has a text of its own, once or twice at the same time: a client that lost the
// answer cannot be told from one that sends twice.
func (s *script) next(rt *rapid.T, kind, who, path string, body map[string]any, public bool) {
	s.made++
	text := fmt.Sprint(kind, " ", s.made)
	if !public {
		text = "secret " + text
	}
	body["text"], body["client_msg_id"] = text, fmt.Sprint(s.id, s.made)
	times := rapid.IntRange(1, 2).Draw(rt, "times")
	answers := make(chan *servertest.Answer)
	for range times {
		go func() { answers <- s.do(who, "POST", path, body) }()
	}
	for range times {
		if a := <-answers; a.Status >= 300 {
			rt.Fatalf("%s says %s: %d %s", who, text, a.Status, a.Body)
		}
	}
	s.lines = append(s.lines, spoken{public, kind + " " + text})
}

// turn brings Lin into a mode, with the lines that everybody sees.
func (s *script) turn(mode string) {
	switch {
	case mode == "barge" && s.mode != "barge":
		s.lines = append(s.lines, spoken{true, "system supervisor_joined"})
	case mode != "barge" && s.mode == "barge":
		s.lines = append(s.lines, spoken{true, "system supervisor_left"})
	}
	s.mode = mode
}

func (s *script) step(rt *rapid.T) {
	message := func(kind string) map[string]any { return map[string]any{"kind": kind} }
	switch rapid.SampledFrom([]string{"ask", "answer", "note", "remark", "whisper", "barge", "listen", "leave"}).Draw(rt, "step") {
	case "ask":
		s.next(rt, "text", "rui", "/messages", message("text"), true)
	case "answer":
		s.next(rt, "text", "ann", "/messages", message("text"), true)
	case "note":
		s.next(rt, "note", "ann", "/messages", message("note"), false)
	case "remark":
		s.next(rt, "note", "lin", "/messages", message("note"), false)
	case "whisper":
		s.turn("whisper")
		s.next(rt, "whisper", "lin", "/whisper", map[string]any{}, false)
	case "barge":
		s.turn("barge")
		s.next(rt, "text", "lin", "/barge", map[string]any{}, true)
	case "listen":
		s.do("lin", "POST", "/monitor", nil).Expect(200)
		s.turn("monitor")
	case "leave":
		s.do("lin", "DELETE", "/monitor", nil).Expect(204)
		s.turn("")
	}
}

// want is what a page should hold, with dense numbers.
func (s *script) want(publicOnly bool) string {
	var parts []string
	for _, l := range s.lines {
		if l.public || !publicOnly {
			parts = append(parts, fmt.Sprint(len(parts)+1, " ", l.what))
		}
	}
	return strings.Join(parts, ", ")
}

// Whatever is said in whatever order: everybody reads it in that order, once, and the requester, whose
// numbers have no gaps, nothing of what others say among themselves, wherever they look.
func TestWhatIsSaidInsideNeverReachesTheRequester(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		servertest.Fewer(t, 3)
		rapid.Check(t, func(rt *rapid.T) {
			w.id = w.begin("rui", "ann")
			told := &script{talk: w}
			for range rapid.IntRange(1, 10).Draw(rt, "length") {
				told.step(rt)
			}
			for who, publicOnly := range map[string]bool{"rui": true, "ann": false, "ada": false} {
				if got := w.hears(who, "?limit=200").String(); got != told.want(publicOnly) {
					rt.Fatalf("%s hears %s, want %s", who, got, told.want(publicOnly))
				}
			}
			if a := w.as("rui").Do("GET", "/v1/conversations/counts?q=secret", nil).Expect(200); a.Value("all") != 0.0 {
				rt.Fatalf("the requester finds by what was said inside: %s", a.Body)
			}
			for _, path := range w.readPaths() {
				if a := w.as("rui").Do("GET", path, nil).Expect(200); strings.Contains(string(a.Body), "secret") {
					rt.Fatalf("%s tells the requester %s", path, a.Body)
				}
			}
		})
	})
}

// readPaths are the ways to read something of a conversation.
func (w *talk) readPaths() []string {
	one := "/v1/conversations/" + w.id
	return []string{
		one, one + "/messages", one + "/messages?after=0", one + "/transcript", one + "/transcript?format=json",
		"/v1/conversations", "/v1/conversations?q=secret",
	}
}
