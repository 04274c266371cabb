package desk_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// many is how many connections wait for one message.
const many = 5_000

// heardOf is a conversation that somebody asks, and whoever follows it.
type heardOf struct {
	*servertest.Server
	b           *testing.B
	rui, root   *servertest.Client
	stream      string // of the conversation
	said        string // where its messages are sent
	connections sync.WaitGroup
}

func newHeardOf(b *testing.B, db *store.DB) *heardOf {
	s := servertest.RunLimited(b, db, realtime.Limits{PerSession: 2 * many, PerUser: 2 * many, Heartbeat: time.Hour})
	acme := s.NewTenant("acme", "it-desk")
	h := &heardOf{Server: s, b: b, rui: acme.NewUser("rui", nil, "user").SignIn(), root: acme.NewUser("root", nil, "admin").SignIn()}
	var skills struct {
		Items []struct{ ID string }
	}
	h.rui.Do("GET", "/v1/skills", nil).Expect(200).Into(&skills)
	id := h.rui.Do("POST", "/v1/conversations", object{"skill": skills.Items[0].ID, "subject": "Printer", "text": "It is broken."}).Expect(201).String("id")
	h.root.Do("POST", "/v1/conversations/"+id+"/monitor", object{}).Expect(200)
	h.stream, h.said = "conversation/"+id, "/v1/conversations/"+id+"/messages"
	b.Cleanup(h.connections.Wait)
	return h
}

// listen opens a connection that follows the conversation, and has heard called for each message.
func (h *heardOf) listen(c *servertest.Client, heard func()) error {
	ctx := h.b.Context()
	conn, _, err := websocket.Dial(ctx, h.URL+"/v1/realtime", &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + c.Token}}})
	if err != nil {
		return err
	}
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{"type":"follow","stream":"`+h.stream+`"}`)); err != nil {
		return err
	}
	if _, text, err := conn.Read(ctx); err != nil || !strings.HasPrefix(string(text), `{"type":"followed"`) {
		return fmt.Errorf("%s %w", text, err)
	}
	h.connections.Go(func() {
		defer conn.CloseNow()
		for _, text, err := conn.Read(ctx); err == nil; _, text, err = conn.Read(ctx) {
			if strings.Contains(string(text), `"kind":"message"`) {
				heard()
			}
		}
	})
	return nil
}

// say sends a message and returns how long its answer took.
func (h *heardOf) say(text string) time.Duration {
	began := time.Now()
	h.rui.Do("POST", h.said, object{"kind": "text", "text": text}).Expect(201)
	return time.Since(began)
}

// ask returns how long a request takes that changes nothing.
func (h *heardOf) ask() time.Duration {
	began := time.Now()
	h.rui.Do("GET", "/v1/me", nil).Expect(200)
	return time.Since(began)
}

// durations are sorted when they are asked.
type durations []time.Duration

func (d durations) at(share float64) float64 {
	slices.Sort(d)
	return float64(d[int(share*float64(len(d)-1))]) / float64(time.Millisecond)
}

// eachDatabase runs a benchmark on both.
func eachDatabase(b *testing.B, run func(b *testing.B, h *heardOf)) {
	b.Run("sqlite", func(b *testing.B) { run(b, newHeardOf(b, storetest.SQLite(b))) })
	b.Run("postgres", func(b *testing.B) { run(b, newHeardOf(b, storetest.Postgres(b))) })
}

// BenchmarkTheLastOfMany says how long it takes from sending a message until the last of many connections to
// one node has it, beside the time of a bare request. Both ends of all connections are in this process.
func BenchmarkTheLastOfMany(b *testing.B) {
	h := newHeardOf(b, storetest.SQLite(b))
	var waiting sync.WaitGroup
	var opening sync.WaitGroup
	turns, failed := make(chan struct{}, 32), make(chan error, many)
	for range many {
		opening.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			if err := h.listen(h.rui, waiting.Done); err != nil {
				failed <- err
			}
		})
	}
	opening.Wait()
	if len(failed) > 0 {
		b.Fatal(<-failed)
	}
	var bare, last durations
	for b.Loop() {
		bare = append(bare, h.ask())
		waiting.Add(many)
		began := time.Now()
		h.say("still broken")
		waiting.Wait()
		last = append(last, time.Since(began))
	}
	b.ReportMetric(bare.at(0.5), "ms-bare")
	b.ReportMetric(last.at(0.5), "ms-last")
	b.ReportMetric(last.at(1), "ms-worst")
	b.ReportMetric(last.at(0.5)/bare.at(0.5), "last/bare")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSentAndSeen says how long it takes from sending a message until the other side has it, where
// nothing else happens, beside the time of a bare request and that of the answer to whoever sends.
func BenchmarkSentAndSeen(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *heardOf) {
		seen := make(chan time.Time, 1)
		if err := h.listen(h.root, func() { seen <- time.Now() }); err != nil {
			b.Fatal(err)
		}
		var bare, answered, there durations
		for b.Loop() {
			bare = append(bare, h.ask())
			began := time.Now()
			answered = append(answered, h.say("still broken"))
			there = append(there, (<-seen).Sub(began))
		}
		b.ReportMetric(bare.at(0.5), "ms-bare")
		b.ReportMetric(answered.at(0.5), "ms-answered")
		b.ReportMetric(there.at(0.5), "ms-p50")
		b.ReportMetric(there.at(0.99), "ms-p99")
		b.ReportMetric(there.at(0.5)/bare.at(0.5), "p50/bare")
		b.ReportMetric(0, "ns/op")
	})
}
