package desk_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestATranscriptSaysWhatItsReaderSees(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.say("rui", "text", "It jams.\n2026-01-01 00:00:00 ann (agent): No, it does not.").Expect(201)
		w.say("ann", "note", "Again.").Expect(201)
		w.whisper("lin", "Be kind.").Expect(200)
		w.barge("lin", "We replace it.").Expect(200)
		w.do("ann", "POST", "/messages", map[string]any{"kind": "file", "file": w.upload("ann", "text/plain", "how.txt", "x").String("id")}).Expect(201)
		public := `#1 Printer
Times are in Asia/Shanghai.

AT rui (requester): It jams.
    2026-01-01 00:00:00 ann (agent): No, it does not.
AT — lin joined
AT lin (supervisor): We replace it.
AT ann (agent, file how.txt):
`
		inside := strings.Replace(public, "AT — lin joined\n", `AT ann (agent, note): Again.
AT lin (supervisor, whisper to ann): Be kind.
AT — lin joined
`, 1)
		for who, want := range map[string]string{"rui": public, "ann": inside, "ada": inside} {
			answer := w.do(who, "GET", "/transcript", nil).Expect(200)
			if kind := answer.Header.Get("Content-Type"); kind != "text/plain; charset=utf-8" {
				t.Errorf("the type is %s", kind)
			}
			if got := untimed(t, s, string(answer.Body)); got != want {
				t.Errorf("%s gets\n%s, want\n%s", who, got, want)
			}
		}
		w.write(`UPDATE tenants SET locale = 'zh-CN' WHERE tenant_id = $1`)
		if got := string(w.do("ann", "GET", "/transcript", nil).Expect(200).Body); !strings.Contains(got, "lin (主管, 对 ann 耳语): Be kind.") {
			t.Errorf("in Chinese: %s", got)
		}
		for _, who := range []string{"uma", "bob", "eva", "zoe"} {
			w.do(who, "GET", "/transcript", nil).Refused(404, "not_found")
		}
	})
}

// untimed replaces the times at the beginnings of lines, which must be now in Shanghai.
func untimed(t *testing.T, s *servertest.Server, text string) string {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`).ReplaceAllStringFunc(text, func(at string) string {
		said, err := time.ParseInLocation(time.DateTime, at, zone)
		if age := s.DB.Now().Sub(said); err != nil || age < 0 || age > time.Hour {
			t.Errorf("%s is not now", at)
		}
		return "AT"
	})
}

func TestATranscriptInJSONHoldsTheMessages(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.say("rui", "text", "It jams.").Expect(201)
		w.say("ann", "note", "Again.").Expect(201)
		for who, want := range map[string]string{"rui": "1 text It jams.", "ann": "1 text It jams., 2 note Again."} {
			var got struct {
				Messages []heard
				More     bool
			}
			w.do(who, "GET", "/transcript?format=json", nil).Expect(200).Into(&got)
			if (page{Items: got.Messages}).String() != want || got.More {
				t.Errorf("%s gets %+v", who, got)
			}
		}
	})
}

// A system line that nobody has worded would stand in transcripts as its code.
func TestEverySystemLineIsWorded(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`\b(?:line|told)\(ctx, "([a-z_]+)"`)
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range said.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, language := range desk.Phrases {
				if language[match[1]] == "" {
					t.Errorf("%s says %q, which has no words in a language", f.Name(), match[1])
				}
			}
		}
	}
	if found == 0 {
		t.Error("no line was found: the test looks for another form")
	}
}
