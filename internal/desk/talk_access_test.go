package desk_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Who may do what in a conversation between Rui and Ann that support handles. Each cell is the status; 404
// is for those who do not learn that there is one. An auditor reads everything and changes nothing.
const talkAccess = `
                    rui  uma  ann  bob  lin  eva  ada  root zoe
read messages       200  404  200  404  200  404  200  200  404
read transcript     200  404  200  404  200  404  200  200  404
write to the other  201  404  201  404  403  404  403  403  404
write a note        403  404  201  404  201  404  403  201  404
move a cursor       200  404  200  404  409  404  403  409  404
list supervisors    403  403  403  403  200  404  403  200  404
monitor             403  403  403  403  200  404  403  200  404
whisper             403  403  403  403  200  404  403  200  404
barge               403  403  403  403  200  404  403  200  404
stop                403  403  403  403  204  404  403  204  404
`

var talkOperations = map[string]struct {
	method, path string
	body         map[string]any
}{
	"read messages":      {"GET", "/messages", nil},
	"read transcript":    {"GET", "/transcript", nil},
	"write to the other": {"POST", "/messages", map[string]any{"text": "Hello"}},
	"write a note":       {"POST", "/messages", map[string]any{"kind": "note", "text": "Hello"}},
	"move a cursor":      {"POST", "/cursor", map[string]any{"read": 1}},
	"list supervisors":   {"GET", "/supervisions", nil},
	"monitor":            {"POST", "/monitor", map[string]any{}},
	"whisper":            {"POST", "/whisper", map[string]any{"text": "Hello"}},
	"barge":              {"POST", "/barge", map[string]any{"text": "Hello"}},
	"stop":               {"DELETE", "/monitor", nil},
}

func TestWhoMayDoWhatInAConversation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		rows := strings.Split(strings.Trim(talkAccess, "\n"), "\n")
		names := strings.Fields(rows[0])
		if len(rows) != len(talkOperations)+1 {
			t.Fatalf("the table has %d rows for %d operations", len(rows)-1, len(talkOperations))
		}
		for _, row := range rows[1:] {
			operation := strings.TrimSpace(row[:19])
			op := talkOperations[operation]
			for i, want := range strings.Fields(row[19:]) {
				w.id = w.begin("rui", "ann") // a fresh one: nobody speaks in it yet
				var body any
				if op.body != nil {
					body = op.body
				}
				if got := w.do(names[i], op.method, op.path, body); strconv.Itoa(got.Status) != want {
					t.Errorf("%s: %s is answered %d, want %s: %s", operation, names[i], got.Status, want, got.Body)
				}
			}
		}
	})
}
