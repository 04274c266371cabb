package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/realtime/client"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// commitInSilence says something in the conversation and tells nobody, as a node does that dies between
// the commit and the notice.
func (w *talk) commitInSilence(text string) {
	w.t.Helper()
	now := w.s.DB.Now()
	w.commit(
		statement{`UPDATE conversations SET last_seq = last_seq + 1, public_seq = public_seq + 1 WHERE tenant_id = $1 AND id = $2`, []any{w.id}},
		statement{`INSERT INTO messages (tenant_id, conversation_id, seq, id, public_seq, kind, author_id, author_face, body, created_at)
			SELECT $1, c.id, c.last_seq, $3, c.public_seq, 'text', c.requester_id, 'requester', $4, $5
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.id = $2`, []any{w.id, store.NewID(now), text, now.UnixMicro()}},
		statement{`INSERT INTO desk_positions (tenant_id, stream, last) VALUES ($1, $2, 1)
			ON CONFLICT (tenant_id, stream) DO UPDATE SET last = desk_positions.last + 1`, []any{"requester/" + w.user("rui")}},
		statement{`UPDATE desk_positions SET last = last + 1 WHERE tenant_id = $1 AND stream = 'desk'`, nil},
		statement{`INSERT INTO desk_events (tenant_id, seq, conversation_id, requester_id, requester_seq, state_before, assignee_before, department_before, created_at)
			SELECT $1, d.last, c.id, c.requester_id, r.last, c.state, c.assignee_id, c.department_id, $3
			FROM conversations c
			JOIN desk_positions d ON d.tenant_id = $1 AND d.stream = 'desk'
			JOIN desk_positions r ON r.tenant_id = $1 AND r.stream = 'requester/' || c.requester_id
			WHERE c.tenant_id = $1 AND c.id = $2`, []any{w.id, now.UnixMicro()}},
	)
}

// countedUp is "1 text m1, 2 text m2" and so on.
func countedUp(n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, fmt.Sprintf("%d text m%d", i+1, i+1))
	}
	return strings.Join(parts, ", ")
}

func TestANoticeThatIsLostCostsTimeAndNothingElse(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		rui, ann := w.view(w.s, "rui", polls).follow("conversation/"+w.id, nil), w.view(w.s, "ann", polls).follow("conversations", nil)
		mine := w.view(w.s, "rui", polls).follow("mine", nil)
		for n := range 3 {
			w.commitInSilence(fmt.Sprint("m", n+1))
			rui.hears(n + 1)
		}
		if got := rui.hears(3); got != countedUp(3) {
			t.Errorf("rui hears %s", got)
		}
		ann.until("the last state", func() bool { return ann.rows[w.id].LastSeq == 3 })
		mine.until("the last state", func() bool { return mine.rows[w.id].LastSeq == 3 })
		ann.clean()
		mine.clean()
	})
}

// Two nodes that never hear of each other: what one commits the followers at the other have all the same.
func TestNodesReadWhatOthersHaveCommitted(t *testing.T) {
	_, application := storetest.PostgresURLs(t)
	open := func() *store.DB {
		db, err := store.OpenPostgres(t.Context(), application)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	one := servertest.RunNode(t, open(), cluster.New())
	two := one.Beside("two", open(), cluster.New())
	w := newTalk(t, one)
	here, there := w.view(one, "ann", false).follow("conversation/"+w.id, nil), w.view(two, "rui", false).follow("conversation/"+w.id, nil)
	polling := w.view(two, "rui", true).follow("conversation/"+w.id, nil)
	const n = 5
	for i := range n {
		w.say([]string{"rui", "ann"}[i%2], "text", fmt.Sprint("m", i+1)).Expect(201)
	}
	for _, v := range []*viewer{here, there, polling} {
		if got := v.hears(n); got != countedUp(n) {
			t.Errorf("%s", got)
		}
		v.clean()
	}
}

// Notices come late, twice and for nothing: everybody hears everything once and in order.
func TestNoticesMayComeInAnyOrderAndNumber(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		var viewers []*viewer
		for _, who := range []string{"rui", "ann", "rui", "ann"} {
			viewers = append(viewers, w.view(w.s, who, polls).follow("conversation/"+w.id, nil))
		}
		over := make(chan struct{})
		var noise sync.WaitGroup
		noise.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					w.s.Realtime.Notify(w.ID)
				}
			}
		})
		const n = 20
		for i := range n {
			w.say([]string{"rui", "ann"}[i%2], "text", fmt.Sprint("m", i+1)).Expect(201)
		}
		for _, v := range viewers {
			if got := v.hears(n); got != countedUp(n) {
				t.Errorf("%s", got)
			}
			v.clean()
		}
		close(over)
		noise.Wait()
	})
}

// crowd is how many come again at once.
const crowd = 200

func TestAllComeAgainAtOnceAndMissNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		limits := realtime.Limits{PerSession: 2 * crowd, PerUser: 2 * crowd, Patience: time.Minute, Doubt: time.Minute}
		w := newTalk(t, servertest.RunLimited(t, db, limits))
		var viewers []*viewer
		for i := range crowd {
			v := w.view(w.s, []string{"rui", "ann"}[i%2], false)
			v.follow("conversation/"+w.id, &client.Position{})
			v.follow([]string{"mine", "conversations"}[i%2], nil)
			viewers = append(viewers, v)
		}
		const n = 12
		for i := range n {
			w.say([]string{"rui", "ann"}[i%2], "text", fmt.Sprint("m", i+1)).Expect(201)
			if i%4 == 1 {
				for _, v := range viewers {
					v.Break()
				}
			}
		}
		for _, v := range viewers {
			if got := v.hears(n); got != countedUp(n) {
				t.Errorf("%s", got)
			}
			v.until("the row", func() bool { return v.rows[w.id].LastSeq == n })
			v.clean()
			if v.Count().Connections < 2 {
				t.Errorf("%+v", v.Count())
			}
		}
	})
}

// Who does not take what is sent is cut off, and has all of it once they come again.
func TestASlowPeerIsCutOffAndMissesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newTalk(t, servertest.RunLimited(t, db, realtime.Limits{QueueFrames: 4, Patience: time.Hour, Heartbeat: time.Hour, Farewell: time.Millisecond}))
		stream := "conversation/" + w.id
		conn, _, err := websocket.Dial(t.Context(), w.s.URL+"/v1/realtime", &websocket.DialOptions{
			HTTPHeader: map[string][]string{"Authorization": {"Bearer " + w.as("rui").Token}},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		conn.SetReadLimit(1 << 20)
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"follow","stream":"`+stream+`"}`)); err != nil {
			t.Fatal(err)
		}
		if _, text, err := conn.Read(t.Context()); err != nil || !strings.HasPrefix(string(text), `{"type":"followed"`) {
			t.Fatalf("%s %v", text, err)
		}
		said, long := 0, strings.Repeat("长", 7_000)
		for !w.cutOff() {
			w.say("ann", "text", long).Expect(201)
			said++
		}
		last := int64(0)
		for {
			_, text, err := conn.Read(t.Context())
			if err != nil {
				break
			}
			var e client.Event
			if err := json.Unmarshal(text, &e); err != nil {
				t.Fatal(err)
			}
			if e.Seq != last+1 || e.Prev != last {
				t.Fatalf("after %d comes %d", last, e.Seq)
			}
			last = e.Seq
		}
		rest := w.view(w.s, "rui", false).follow(stream, &client.Position{Seq: last})
		rest.until("the rest", func() bool { return len(rest.said) == said-int(last) })
		rest.clean()
		if last == 0 || int(last) == said || rest.said[0].Seq != last+1 {
			t.Errorf("%d of %d came before the end, and then from %d on", last, said, rest.said[0].Seq)
		}
	})
}

// cutOff tells whether the record says that a peer was too slow.
func (w *talk) cutOff() (found bool) {
	w.t.Helper()
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) error {
		_, err := store.Collect(w.t.Context(), tx, func(r store.Row) (struct{}, error) {
			var body []byte
			err := r.Scan(&body)
			found = found || bytes.Contains(body, []byte("slow_peer")) && bytes.Contains(body, []byte("4408"))
			return struct{}{}, err
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = 'realtime.disconnect'`)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// A page that was away for long reads everything anew, once.
func TestWhoIsTooFarBehindBeginsAnew(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		for name, from := range map[string]client.Position{"ahead": {Seq: 1_000_000}, "other rules": {Seq: 0, View: "abc"}} {
			v := w.view(w.s, "ann", polls).follow("conversations", &from)
			v.until(name, func() bool { return v.resets == 1 })
		}
		w.write(`UPDATE conversations SET last_seq = 501, public_seq = 501 WHERE tenant_id = $1 AND id = $2`, w.id)
		v := w.view(w.s, "rui", polls).follow("conversation/"+w.id, &client.Position{})
		v.until("too far behind", func() bool { return v.resets == 1 })
		if at, _ := v.At("conversation/" + w.id); at.Seq != 501 {
			t.Errorf("it goes on from %d", at.Seq)
		}
	})
}

// More is said at once than one look hands out, and a part of what happened is not kept any more: who
// follows hears all the same what is still there, and reads the list anew.
func TestWhatIsTooMuchForOneLookComesInPieces(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		const n = 500
		thread := w.view(w.s, "rui", polls).follow("conversation/"+w.id, nil)
		list := w.view(w.s, "ann", polls).follow("conversations", nil)
		write(t, w.s, w.ID, func(tx *store.Tx) error {
			for i := range n - 1 {
				if _, err := tx.Exec(t.Context(), `
					INSERT INTO messages (tenant_id, conversation_id, seq, id, public_seq, kind, author_id, author_face, body, created_at)
					VALUES ($1, $2, $3, $4, $3, 'text', $5, 'requester', $6, 0)`,
					w.id, i+1, store.NewID(tx.Now), w.user("rui"), fmt.Sprint("m", i+1)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(t.Context(), `UPDATE desk_positions SET last = last + 10 WHERE tenant_id = $1 AND stream = 'desk'`)
			if err == nil {
				_, err = tx.Exec(t.Context(), `UPDATE conversations SET last_seq = $3, public_seq = $3 WHERE tenant_id = $1 AND id = $2`, w.id, n-1)
			}
			return err
		})
		w.commitInSilence(fmt.Sprint("m", n))
		if got := thread.hears(n); got != countedUp(n) {
			t.Errorf("rui hears %.200s", got)
		}
		list.until("the list is read anew", func() bool { return list.resets > 0 })
		thread.clean()
		list.clean()
	})
}

func TestTypingIsShownToTheOthers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		stream := "conversation/" + w.id
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		rui, ann, lin := w.view(s, "rui", false).follow(stream, nil), w.view(s, "ann", false).follow(stream, nil), w.view(s, "lin", false).follow(stream, nil)
		lin.Typing(context.Background(), stream) // who only listens is not heard of
		clustertest.Eventually(t, "typing", func() bool {
			rui.Typing(context.Background(), stream)
			ann.mu.Lock()
			defer ann.mu.Unlock()
			return len(ann.typing) > 0
		})
		lin.until("typing", func() bool { return len(lin.typing) > 0 })
		for _, v := range []*viewer{rui, ann, lin} {
			v.mu.Lock()
			if slices.ContainsFunc(v.typing, func(user string) bool { return user != w.user("rui") }) || v == rui && len(v.typing) > 0 {
				t.Errorf("%q are shown typing", v.typing)
			}
			v.mu.Unlock()
		}
	})
}
