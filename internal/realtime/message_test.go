package realtime

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// answer is what is said in return to what a stranger says, as far as that needs no server: an echo, an
// error, or the message as it was understood.
func answer(text []byte) []byte {
	m, err := readMessage(text)
	if err != nil {
		m = m.refused(err)
	}
	return m.frame().head
}

func TestMessagesAreAnswered(t *testing.T) {
	for text, want := range map[string]string{
		`{"type":"echo"}`:                                       `{"type":"echo"}`,
		`{"data":null,"type":"echo"}`:                           `{"type":"echo","data":null}`,
		` {"type": "echo", "id": "7", "data": [1, {"a": ""}]} `: `{"type":"echo","id":"7","data":[1,{"a":""}]}`,
		`{"type":"echo","data":"<客服 & \u0041>"}`:                `{"type":"echo","data":"<客服 & \u0041>"}`,
		`{"type":"shout","id":"7"}`:                             refusal("7", "unknown_type"),
		`{"type":"error","id":"7"}`:                             refusal("7", "unknown_type"),
		`{"type":"Echo"}`:                                       refusal("", "unknown_type"),
		`{"id":"7"}`:                                            refusal("7", "bad_message"),
		`{"type":"","id":"7"}`:                                  refusal("7", "bad_message"),
		`{"type":null,"id":"7"}`:                                refusal("7", "bad_message"),
		`{"type":"echo","id":7}`:                                refusal("", "bad_message"),
		`{"type":"echo","id":"7","Type":"echo"}`:                refusal("", "bad_message"),
		`{"type":"echo","id":"7","more":1}`:                     refusal("7", "bad_message"),
		`{"TYPE":"echo","id":"7"}`:                              refusal("7", "bad_message"),
		`{"type":"echo","type":"echo"}`:                         refusal("", "bad_message"),
		`{"type":"echo"}{"type":"echo"}`:                        refusal("", "bad_message"),
		`{"type":"echo"`:                                        refusal("", "bad_message"),
		`["echo"]`:                                              refusal("", "bad_message"),
		`{"type":"follow","id":"7","stream":"mine"}`:            `{"type":"follow","id":"7","stream":"mine"}`,
		`{"type":"follow","stream":"mine","after":9007199254740991,"view":"0af"}`: `{"type":"follow","stream":"mine"}`,
		`{"type":"follow","id":"7"}`:                                           refusal("7", "bad_message"),
		`{"type":"follow","id":"7","stream":null}`:                             refusal("7", "bad_message"),
		`{"type":"follow","id":"7","stream":"mine","after":-1}`:                `{"type":"error","id":"7","stream":"mine","code":"bad_message","title":"`,
		`{"type":"follow","id":"7","stream":"mine","after":1.5}`:               refusal("", "bad_message"),
		`{"type":"follow","id":"7","stream":"mine","after":"1"}`:               `{"type":"error","id":"7","stream":"mine","code":"bad_message","title":"`,
		`{"type":"follow","id":"7","stream":"mine","after":null}`:              `{"type":"error","id":"7","stream":"mine","code":"bad_message","title":"`,
		`{"type":"follow","id":"7","stream":"mine","after":9007199254740992}`:  refusal("", "bad_message"),
		`{"type":"follow","id":"7","stream":"mine","view":"0af"}`:              `{"type":"error","id":"7","stream":"mine","code":"bad_message","title":"`,
		`{"type":"follow","id":"7","stream":"mine","after":1,"view":"x"}`:      `{"type":"error","id":"7","stream":"mine","code":"bad_message","title":"`,
		`{"type":"follow","id":"7","stream":"a\"b"}`:                           refusal("7", "bad_message"),
		`{"type":"follow","id":"7","stream":"mine","data":1}`:                  refusal("7", "bad_message"),
		`{"type":"unfollow","id":"7","stream":"mine","after":1}`:               refusal("7", "bad_message"),
		`{"type":"typing","id":"7","stream":"conversation/1","text":"secret"}`: refusal("7", "bad_message"),
		`{"type":"followed","id":"7","stream":"mine"}`:                         refusal("7", "unknown_type"),
		`null`: refusal("", "bad_message"),
		``:     refusal("", "bad_message"),
		`{"type":"echo","id":"` + strings.Repeat("i", maxName+1) + `"}`:                    refusal("", "bad_message"),
		`{"type":"echo","data":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `}`: refusal("", "bad_message"),
	} {
		if got := string(answer([]byte(text))); !strings.HasPrefix(got, want) {
			t.Errorf("%s is answered with %s, want %s", text, got, want)
		}
	}
}

// refusal is how a refusal begins.
func refusal(id, code string) string {
	if id != "" {
		id = `"id":"` + id + `",`
	}
	return `{"type":"error",` + id + `"code":"` + code + `","title":"`
}

// FuzzAnswer says whatever a stranger may say. The answer is one JSON object of a bounded size; an echo
// says what was said, and is echoed in turn.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"type":"echo","id":"7","data":{"a":[1,"<"]}}`))
	f.Add([]byte(`{"type":"shout","id":"\u0000"}`))
	f.Add([]byte(`{"type":"follow","stream":"conversation/x","after":3,"view":"af"}`))
	f.Add([]byte(`{"type":"typing","stream":"mine"}`))
	f.Add([]byte(`{"type":"echo","id":"\ud800"}`))
	f.Add([]byte("{\"type\":\"echo\",\"data\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		given := answer(text)
		var said, got message
		if err := json.Unmarshal(given, &got); err != nil {
			t.Fatalf("%q is answered with %q: %v", text, given, err)
		}
		if len(given) > len(text)+1024 {
			t.Errorf("%d bytes are answered with %d", len(text), len(given))
		}
		if got.Type == "error" {
			return
		}
		if err := json.Unmarshal(text, &said); err != nil || said.Type != got.Type || said.ID != got.ID || !same(said.Data, got.Data) {
			t.Errorf("%q is echoed as %q", text, given)
		}
		if got.Type != typeEcho {
			if !streamName.MatchString(got.Stream) || got.Stream != said.Stream {
				t.Errorf("%q is understood as %q", text, given)
			}
			return
		}
		if again := answer(given); !bytes.Equal(again, given) {
			t.Errorf("%q is echoed as %q", given, again)
		}
	})
}

// same compares two values, of which one may be written with spaces.
func same(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}
