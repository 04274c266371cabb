package virtualdesk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// messenger sends the requests of one person.
type messenger struct {
	desk *desk
	http *http.Client

	mu    sync.Mutex // guards what follows
	token string
}

// errUnheard: there was no answer, or one that leaves open whether anything was done.
var errUnheard = errors.New("nobody answered")

// refusal is the answer that something was not done.
type refusal struct {
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	Challenge string `json:"challenge"`

	what string
}

func (r *refusal) Error() string {
	return strings.TrimSuffix(fmt.Sprintf("%s: %d %s: %s %s", r.what, r.Status, r.Code, r.Title, r.Detail), " ")
}

// refusedAs tells whether an error is the refusal with one of these codes.
func refusedAs(err error, codes ...string) bool {
	var r *refusal
	if !errors.As(err, &r) {
		return false
	}
	for _, code := range codes {
		if r.Code == code {
			return true
		}
	}
	return false
}

// request is what is asked of the server.
type request struct {
	method, path string
	body         any   // sent as JSON; nil for none
	version      int64 // that the change is meant for; 0 for none
	into         any   // what the answer is read into; nil for nothing
}

// answerTime bounds the wait for one answer.
const answerTime = 10 * time.Second

// restraint is how long somebody waits who is told that they ask too often.
const restraint = time.Second

// send sends a request, again only when it was not looked at because there were too many. What comes back is
// nil, a *refusal, or an error that wraps errUnheard.
func (m *messenger) send(ctx context.Context, r request) error {
	for {
		err := m.once(ctx, r)
		if !refusedAs(err, "rate_limited") || !pause(ctx, restraint) {
			return err
		}
	}
}

// once sends a request. One that is under way is not cut off: what came of it would not be known.
func (m *messenger) once(ctx context.Context, r request) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	asked, err := m.build(ctx, r)
	if err != nil {
		return err
	}
	response, err := m.http.Do(asked)
	if err != nil {
		return fmt.Errorf("%w: %s %s: %w", errUnheard, r.method, r.path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%w: %s %s: %w", errUnheard, r.method, r.path, err)
	}
	return m.read(r, response.StatusCode, text)
}

// build makes the HTTP request.
func (m *messenger) build(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	asked, err := http.NewRequestWithContext(ctx, r.method, anyNode+r.path, body)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		asked.Header.Set("Content-Type", "application/json")
	}
	if token := m.bearer(); token != "" {
		asked.Header.Set("Authorization", "Bearer "+token)
	}
	if r.version != 0 {
		asked.Header.Set("If-Match", fmt.Sprintf(`"%d"`, r.version))
	}
	return asked, nil
}

// read turns an answer into a result. A node that is about to end, or that lost its database, says so with
// 503: what it was asked may have been done.
func (m *messenger) read(r request, status int, text []byte) error {
	what := r.method + " " + r.path
	switch {
	case status < 300 && r.into != nil:
		if err := json.Unmarshal(text, r.into); err != nil {
			return fmt.Errorf("%s: %w: %s", what, err, text)
		}
		return nil
	case status < 300:
		return nil
	case status >= 500:
		if status != http.StatusServiceUnavailable {
			m.desk.broke(internalError, "%s: %d %s", what, status, text)
		}
		return fmt.Errorf("%w: %s: %d %s", errUnheard, what, status, text)
	}
	no := &refusal{Status: status, what: what}
	if err := json.Unmarshal(text, no); err != nil {
		return fmt.Errorf("%s: %d %s", what, status, text)
	}
	m.desk.tally.refused(no.Code)
	return no
}

// insist sends a request until it is answered. To do it twice must be the same as to do it once.
func (m *messenger) insist(ctx context.Context, r request) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := m.send(ctx, r)
		if !errors.Is(err, errUnheard) && !refusedAs(err, "slow_down") {
			return err
		}
		if !pause(ctx, wait) {
			return err
		}
	}
}

func (m *messenger) bearer() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.token
}

func (m *messenger) setToken(token string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.token = token
}

// pause waits, and tells whether the context still goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// page is one page of a list.
type page struct {
	Items []json.RawMessage `json:"items"`
	Next  *string           `json:"next"`
}
