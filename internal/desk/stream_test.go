package desk_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/realtime/client"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// viewer is a page of somebody's: it follows streams, and shows what it is told.
type viewer struct {
	*client.Client
	t   *testing.T
	who *servertest.Client

	mu     sync.Mutex // guards what follows
	rows   map[string]row
	said   []heard
	told   []client.Event
	ended  map[string]string // codes by stream
	typing []string
	resets int
}

type row struct {
	ID, Subject, State, Face string
	Version                  int64
	LastSeq                  int64 `json:"last_seq"`
}

// view opens a page at a node. Polling pages open no WebSocket.
func (w *talk) view(at *servertest.Server, who string, polls bool) *viewer {
	v := &viewer{t: w.t, who: w.as(who), rows: map[string]row{}, ended: map[string]string{}}
	v.Client = client.New(client.Config{
		URL:   at.Address(),
		Token: func(context.Context) (string, error) { return v.who.Token, nil },
		Polls: polls,
		Pause: func(int) time.Duration { return time.Millisecond },
	})
	ctx, stop := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = v.Run(ctx) }()
	w.t.Cleanup(func() { stop(); <-done })
	return v
}

// follow follows a stream and waits until it is followed, or refused.
func (v *viewer) follow(stream string, from *client.Position) *viewer {
	v.t.Helper()
	v.Follow(v.t.Context(), stream, from, client.Handler{
		Event:  v.event,
		Reset:  func() { v.note(func() { v.resets++ }) },
		Ended:  func(code string) { v.note(func() { v.ended[stream] = code }) },
		Typing: func(user string) { v.note(func() { v.typing = append(v.typing, user) }) },
	})
	if from == nil {
		v.until("followed", func() bool {
			_, known := v.At(stream)
			return known || v.ended[stream] != ""
		})
	}
	return v
}

func (v *viewer) note(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f()
}

func (v *viewer) event(e client.Event) {
	v.note(func() {
		v.told = append(v.told, e)
		switch e.Kind {
		case "row":
			var r row
			if err := json.Unmarshal(e.Conversation, &r); err != nil {
				v.t.Error(err)
			}
			v.rows[r.ID] = r
		case "gone":
			delete(v.rows, e.ID)
		case "message":
			var m heard
			if err := json.Unmarshal(e.Message, &m); err != nil {
				v.t.Error(err)
			}
			v.said = append(v.said, m)
		}
	})
}

// until waits for something that the page shows.
func (v *viewer) until(what string, f func() bool) {
	v.t.Helper()
	clustertest.Eventually(v.t, what, func() bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return f()
	})
}

// hears waits until so many messages have come, and returns all of them in short.
func (v *viewer) hears(n int) string {
	v.t.Helper()
	v.until("messages", func() bool { return len(v.said) >= n })
	v.mu.Lock()
	defer v.mu.Unlock()
	return page{Items: v.said}.String()
}

// sees waits until the page shows these conversations and no others.
func (v *viewer) sees(ids ...string) {
	v.t.Helper()
	slices.Sort(ids)
	v.until("the rows", func() bool { return slices.Equal(slices.Sorted(maps.Keys(v.rows)), ids) })
}

// clean fails the test when something came twice or not at all.
func (v *viewer) clean() {
	v.t.Helper()
	if c := v.Count(); c.Gaps != 0 || c.Repetitions != 0 {
		v.t.Errorf("%+v", c)
	}
}

// eachWay runs f with pages that have a WebSocket and with pages that poll, on both databases.
func eachWay(t *testing.T, f func(t *testing.T, w *talk, polls bool)) {
	t.Helper()
	t.Parallel()
	for name, polls := range map[string]bool{"socket": false, "polling": true} {
		t.Run(name, func(t *testing.T) {
			servertest.EachBeside(t, func(t *testing.T, s *servertest.Server) { f(t, newTalk(t, s), polls) })
		})
	}
}

func TestEachHearsWhatTheirFaceMayHear(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		thread := "conversation/" + w.id
		rui, ann := w.view(w.s, "rui", polls).follow(thread, nil), w.view(w.s, "ann", polls).follow(thread, nil)
		w.say("rui", "text", "it is broken").Expect(201)
		w.say("ann", "note", "again").Expect(201)
		w.say("ann", "text", "which one?").Expect(201)
		if got := ann.hears(3); got != "1 text it is broken, 2 note again, 3 text which one?" {
			t.Errorf("ann hears %s", got)
		}
		if got := rui.hears(2); got != "1 text it is broken, 2 text which one?" {
			t.Errorf("rui hears %s", got)
		}
		ann.clean()
		rui.clean()
	})
}

func TestOnlyWhoTakesPartFollowsAConversation(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		for name, code := range map[string]string{
			"rui": "", "ann": "", "lin": "no_part_in_conversation", "ada": "no_part_in_conversation", "root": "no_part_in_conversation",
			"bob": "not_found", "eva": "not_found", "uma": "not_found", "zoe": "not_found",
		} {
			v := w.view(w.s, name, polls).follow("conversation/"+w.id, nil)
			if got := v.ended["conversation/"+w.id]; got != code {
				t.Errorf("%s: %q, want %q", name, got, code)
			}
		}
		for stream, code := range map[string]string{"conversation/nowhere": "not_found", "desk": "unknown_stream", "conversations/" + w.id: "unknown_stream"} {
			if got := w.view(w.s, "root", polls).follow(stream, nil).ended[stream]; got != code {
				t.Errorf("%s: %q", stream, got)
			}
		}
		if got := w.view(w.s, "rui", polls).follow("conversations", nil).ended["conversations"]; got != "no_list" {
			t.Errorf("rui's list: %q", got)
		}
	})
}

func TestListsShowWhatIsCovered(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		list := func(who string) *viewer { return w.view(w.s, who, polls).follow("conversations", nil) }
		ann, bob, lin, eva, ada := list("ann"), list("bob"), list("lin"), list("eva"), list("ada")
		rui, uma := w.view(w.s, "rui", polls).follow("mine", nil), w.view(w.s, "uma", polls).follow("mine", nil)
		w.say("rui", "text", "it is broken").Expect(201)
		for _, v := range []*viewer{ann, lin, ada, rui} {
			v.sees(w.id)
		}
		second := w.begin("uma", "bob")
		w.id = second
		w.say("uma", "text", "mine too").Expect(201)
		bob.sees(second)
		uma.sees(second)
		for who, v := range map[string]*viewer{"ann": ann, "eva": eva, "rui": rui} {
			v.mu.Lock()
			if _, there := v.rows[second]; there {
				t.Errorf("%s sees what bob has", who)
			}
			v.mu.Unlock()
		}
		if rui.rows[rui.told[0].ID].Face == "agent" || uma.rows[second].Face != "requester" || bob.rows[second].Face != "agent" {
			t.Errorf("%+v %+v", uma.rows, bob.rows)
		}
	})
}
