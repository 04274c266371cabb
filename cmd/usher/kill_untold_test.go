package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/realtime/client"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
)

// A node is killed when it has committed a message and is about to tell the others: its word has left it and reaches
// nobody. Who follows through another node, over a WebSocket or by polling, is shown the message all the same, once.
func TestWhatAKilledNodeToldNobodyIsSeen(t *testing.T) {
	t.Parallel()
	_, application := storetest.PostgresURLs(t)
	place := server.Place{Data: t.TempDir(), Postgres: application}
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("tangerine velvet harbour"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, "usher", append([]string{"init"}, append(flagsOf(place), "--url", "http://127.0.0.1:8080", "--tenant", "acme", "--admin", "zhou", "--password-file", password)...)...)
	redis := testserver.Redis.URL(t)
	proxy := clustertest.Between(t, redis)
	killed, other := startVictim(t, place, 0, "--redis", proxy.URL), startVictim(t, place, 1, "--redis", redis)
	speaker := newCrew(t, killed.url, place).writers["message"]
	conversation := strings.Split(speaker.path, "/")[3]
	var all []*listener
	for _, polls := range []bool{false, true} {
		all = append(all, followOn(t, other.url, speaker.token, "conversation/"+conversation, polls))
	}

	caught := proxy.Catch()
	said := make(chan struct{})
	go func() {
		defer close(said)
		_, _, _, _ = call(t.Context(), http.MethodPost, killed.url+speaker.path, speaker.token, `{"text":"heard by nobody"}`) // whose answer may not come
	}()
	<-caught
	killed.kill(t)
	<-said
	for _, l := range all {
		if text := <-l.texts; text != "heard by nobody" {
			t.Errorf("heard %q", text)
		}
		if c := l.client.Count(); c.Gaps+c.Repetitions > 0 {
			t.Errorf("%+v", c)
		}
	}
}

// listener follows a conversation.
type listener struct {
	client *client.Client
	texts  chan string
}

// followOn returns when the conversation is followed.
func followOn(t *testing.T, url, token, stream string, polls bool) *listener {
	t.Helper()
	l := &listener{texts: make(chan string, 10)}
	l.client = client.New(client.Config{URL: url, Token: func(context.Context) (string, error) { return token, nil }, Polls: polls})
	l.client.Follow(t.Context(), stream, nil, client.Handler{Event: func(e client.Event) {
		var m struct{ Text string }
		if err := json.Unmarshal(e.Message, &m); err != nil {
			m.Text = fmt.Sprint(err)
		}
		l.texts <- m.Text
	}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = l.client.Run(ctx) // until the test ends
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	clustertest.Eventually(t, "the conversation is followed", func() bool {
		_, there := l.client.At(stream)
		return there
	})
	return l
}
