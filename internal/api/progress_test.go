package api_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
)

// slow adds an operation that tells more than anybody waits for, and goes on when it is released.
func slow(o *office, released <-chan struct{}, end error) {
	api.Register(o.api, api.Operation{
		ID: "slow", Method: http.MethodPost, Path: "/v1/slow", Summary: "Take long",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "slow.do", Limit: api.Ordinary, Progress: true,
	}, func(ctx context.Context, _ *struct{}) (*anythingOutput, error) {
		tell, err := api.Progress(ctx)
		if err != nil {
			return nil, err
		}
		for i := range 100_000 {
			tell(map[string]any{"done": i, "much": strings.Repeat("x", 1000)})
		}
		<-released
		return &anythingOutput{"the end"}, end
	})
}

// begin calls the operation and returns what follows of its answer.
func begin(t *testing.T, o *office) (*http.Response, *bufio.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+"/v1/slow", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+chief)
	a, err := o.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Body.Close() })
	return a, bufio.NewReader(a.Body)
}

// Lines leave before the end, as far as somebody reads them: the operation does not wait for that.
func TestProgressLeavesBeforeTheEnd(t *testing.T) {
	for want, end := range map[string]error{`"the end"`: nil, `"status":401`: errWrong} {
		o, released := openOffice(t), make(chan struct{})
		slow(o, released, end)
		a, body := begin(t, o)
		first, err := body.ReadString('\n')
		if err != nil || a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/x-ndjson" || !strings.HasPrefix(first, `{"done":`) {
			t.Fatalf("it begins with %d %v %q, %v", a.StatusCode, a.Header, first, err)
		}
		close(released)
		rest, err := io.ReadAll(body)
		lines := strings.Split(strings.TrimSuffix(string(rest), "\n"), "\n")
		if err != nil || !strings.Contains(lines[len(lines)-1], want) {
			t.Errorf("it ends with %q, %v", lines[len(lines)-1], err)
		}
		for _, line := range lines[:len(lines)-1] {
			if !strings.HasPrefix(line, `{"done":`) {
				t.Errorf("between is %q", line)
			}
		}
		calls := o.notes.take()
		if len(calls) != 2 || calls[0].Operation.Event != "slow.do.started" || calls[1].Operation.Event != "slow.do" ||
			calls[1].ID != a.Header.Get("Audit-Record") || calls[0].ID == calls[1].ID || (calls[1].Status == 200) != (end == nil) {
			t.Errorf("the records are %s", fmt.Sprintf("%+v", calls))
		}
	}
}

// What cannot be put on record does not start.
func TestProgressDoesNotBeginUnrecorded(t *testing.T) {
	o := openOffice(t)
	slow(o, nil, nil) // which would never end
	o.notes.close()
	o.do(chief, "POST", "/v1/slow", "").problem(503, "unavailable")
}
