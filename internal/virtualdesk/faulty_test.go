package virtualdesk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
)

// faulty stands between the desk and a server, and has one thing go wrong.
type faulty struct {
	// answer may change what a request is answered with; nil for nothing.
	answer func(r *http.Request, body map[string]any) bool
	// swallow answers in the place of the server; nil for nothing.
	swallow func(w http.ResponseWriter, r *http.Request) bool
	// hears may change what is told over a live connection: nothing, once or more than once; nil for nothing.
	hears func(told map[string]any) []map[string]any
}

// before returns the address at which the server seems to be.
func (f *faulty) before(t *testing.T, address string) string {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(target)
	through.ModifyResponse = f.change
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/v1/realtime":
			f.relay(w, r, address)
		case f.swallow == nil || !f.swallow(w, r):
			through.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	return front.URL
}

// change rewrites an answer.
func (f *faulty) change(answer *http.Response) error {
	if f.answer == nil || answer.StatusCode >= 300 {
		return nil
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var body map[string]any
	if json.Unmarshal(text, &body) == nil && f.answer(answer.Request, body) {
		if text, err = json.Marshal(body); err != nil {
			return err
		}
		answer.Header.Del("Content-Length")
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return nil
}

// relay passes on what is said on a live connection, both ways.
func (f *faulty) relay(w http.ResponseWriter, r *http.Request, address string) {
	behind, answer, err := websocket.Dial(r.Context(), address+"/v1/realtime", &websocket.DialOptions{
		HTTPHeader: http.Header{"Authorization": r.Header["Authorization"]}, Subprotocols: []string{"usher.v1"},
	})
	if err != nil {
		status := http.StatusBadGateway
		if answer != nil {
			status = answer.StatusCode
		}
		w.WriteHeader(status)
		return
	}
	defer behind.CloseNow()
	behind.SetReadLimit(-1)
	before, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"usher.v1"}})
	if err != nil {
		return
	}
	defer before.CloseNow()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() {
		defer cancel()
		pass(ctx, before, behind, func(text []byte) [][]byte { return [][]byte{text} })
	}()
	pass(ctx, behind, before, f.told)
}

// pass reads from one side and writes to the other what becomes of it.
func pass(ctx context.Context, from, to *websocket.Conn, through func([]byte) [][]byte) {
	for {
		_, text, err := from.Read(ctx)
		if err != nil {
			return
		}
		for _, text := range through(text) {
			if to.Write(ctx, websocket.MessageText, text) != nil {
				return
			}
		}
	}
}

// told changes one message of the server.
func (f *faulty) told(text []byte) (texts [][]byte) {
	var told map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if f.hears == nil || decoder.Decode(&told) != nil {
		return [][]byte{text}
	}
	for _, one := range f.hears(told) {
		encoded, err := json.Marshal(one)
		if err != nil {
			panic(err) // it was decoded from JSON
		}
		texts = append(texts, encoded)
	}
	return texts
}

// first is true once.
func first() func() bool {
	var done atomic.Bool
	return func() bool { return done.CompareAndSwap(false, true) }
}

// isEvent tells whether a message is an event of this kind.
func isEvent(told map[string]any, kind string) bool {
	return told["type"] == "event" && told["kind"] == kind
}

// same passes a message on as it is.
func same(told map[string]any) []map[string]any { return []map[string]any{told} }

// ofConversation tells whether a request is about one conversation, and about this part of it.
func ofConversation(r *http.Request, method, part string) bool {
	return r.Method == method && strings.HasPrefix(r.URL.Path, "/v1/conversations/") && strings.HasSuffix(r.URL.Path, part)
}
