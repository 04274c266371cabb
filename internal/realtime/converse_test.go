package realtime_test

import (
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
)

func TestWhatCannotBeAMessageEndsTheConnection(t *testing.T) {
	const limit = 16 << 10
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for name, frame := range map[string]struct {
			kind   websocket.MessageType
			text   string
			code   websocket.StatusCode
			reason string
		}{
			"binary":          {websocket.MessageBinary, `{"type":"echo"}`, websocket.StatusUnsupportedData, "bad_message"},
			"not UTF-8":       {websocket.MessageText, "{\"type\":\"\xff\"}", websocket.StatusInvalidFramePayloadData, "bad_message"},
			"a byte too long": {websocket.MessageText, strings.Repeat(" ", limit+1), websocket.StatusMessageTooBig, "read limited at 16385 bytes"},
			"far too long":    {websocket.MessageText, strings.Repeat(" ", 1<<20), websocket.StatusMessageTooBig, "read limited at 16385 bytes"},
		} {
			t.Run(name, func(t *testing.T) {
				conn := p.connect(t, c)
				_ = conn.Write(t.Context(), frame.kind, []byte(frame.text)) // the end may come before all is sent
				closed(t, conn, frame.code, frame.reason)
			})
		}
		for _, r := range p.ended(t, 4) {
			if r.Outcome.Result != "failure" || r.Outcome.Code < 1003 {
				t.Errorf("%+v", r.Outcome)
			}
		}
	})
}

func TestConnectionSurvivesABadMessage(t *testing.T) {
	const limit = 16 << 10
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		conn := p.connect(t, p.ann.SignIn())
		for _, text := range []string{"", "{", `{"type":"shout"}`, strings.Repeat(" ", limit)} {
			if got := say(t, conn, text); !strings.HasPrefix(got, `{"type":"error","code":"`) {
				t.Errorf("%.20q is answered with %s", text, got)
			}
		}
		whole := `{"type":"echo","data":"` + strings.Repeat("x", limit-25) + `"}`
		if got := say(t, conn, whole); got != whole || len(got) != limit {
			t.Errorf("%d bytes of %d came back", len(got), len(whole))
		}
		alive(t, conn)
	})
}

// Whoever says too much at once is told so, and nothing that they ask for is done: it goes on.
func TestWhoSaysTooMuchIsToldSo(t *testing.T) {
	each(t, realtime.Limits{Messages: 3, Pace: time.Hour}, func(t *testing.T, p *program) {
		conn := p.connect(t, p.ann.SignIn())
		if got := say(t, conn, `{"type":"follow","stream":"mine"}`); !strings.HasPrefix(got, `{"type":"followed"`) {
			t.Fatal(got)
		}
		for _, text := range []string{`{"type":"unfollow","stream":"mine"}`, `{"type":"echo"}`} {
			if got := say(t, conn, text); strings.HasPrefix(got, `{"type":"error"`) {
				t.Fatalf("%s is answered with %s", text, got)
			}
		}
		for _, text := range []string{`{"type":"follow","stream":"mine","id":"1"}`, `{"type":"echo","id":"1"}`} {
			if got := say(t, conn, text); !strings.HasPrefix(got, `{"type":"error","id":"1",`) || !strings.Contains(got, `"code":"rate_limited"`) {
				t.Errorf("%s is answered with %s", text, got)
			}
		}
		alive(t, p.connect(t, p.ann.SignIn()))
	})
}
