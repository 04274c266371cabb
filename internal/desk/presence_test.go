package desk_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// missedSince is since when an agent is missed, in seconds after a beginning; -1 for nobody who is.
func (w *talk) missedSince(name string, beginning time.Time) int {
	w.t.Helper()
	var lost sql.NullInt64
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) error {
		return tx.QueryRow(w.t.Context(), `SELECT a.lost_at FROM agents a WHERE a.tenant_id = $1 AND a.user_id = $2`, []any{w.user(name)}, &lost)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if !lost.Valid {
		return -1
	}
	return int(time.UnixMicro(lost.Int64).Sub(beginning.Truncate(time.Microsecond)) / time.Second)
}

// connected is what the agent is told of themselves.
func (w *talk) connected(name string) bool {
	w.t.Helper()
	return w.as(name).Do("GET", "/v1/me/agent", nil).Expect(200).Value("connected") == true
}

func (w *talk) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// someNode is another node than the test's.
const someNode = `
	INSERT INTO presences (tenant_id, user_id, source, alive_until)
	VALUES ($1, $2, 'node other', $3)
	ON CONFLICT (tenant_id, user_id, source) DO UPDATE SET alive_until = excluded.alive_until`

func TestAnAgentIsMissedWhenTheLastConnectionIsGone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		s.Clock.Stop()
		start, bob := s.Clock.Now(), w.user("bob")
		expect := func(when string, connected bool, missed int) {
			t.Helper()
			if c, m := w.connected("bob"), w.missedSince("bob", start); c != connected || m != missed {
				t.Errorf("%s: connected %t, missed since %d", when, c, m)
			}
		}
		online := func() { w.as("bob").Do("PUT", "/v1/me/agent", `{"status":"online"}`).Expect(200) }
		present := func() { w.must(s.Desk.Present(t.Context(), w.ID, []string{bob, "nobody", w.user("rui")})) }
		absent := func() { w.must(s.Desk.Absent(t.Context(), w.ID, bob)) }
		sweep := func() { w.must(s.Desk.SweepPresence(t.Context(), w.ID)) }

		online()
		expect("online without a connection", false, 0)
		present()
		expect("connected", true, -1)
		s.Clock.Advance(10 * time.Second)
		absent()
		expect("closed", false, 10)
		s.Clock.Advance(10 * time.Second)
		absent()
		sweep()
		expect("closed for a while", false, 10)
		present()
		w.write(someNode, bob, s.Clock.Now().Add(30*time.Second).UnixMicro())
		absent()
		expect("connected elsewhere", true, -1)
		s.Clock.Advance(35 * time.Second)
		sweep()
		expect("the other node has been silent", false, 50)
		w.must(s.Desk.Polled(t.Context(), w.ID, bob))
		expect("polling", true, -1)
		s.Clock.Advance(45 * time.Second)
		sweep()
		expect("no poll any more", false, 100)
		present()
		online()
		expect("online with a connection", true, -1)
		absent()
		w.as("bob").Do("PUT", "/v1/me/agent", `{"status":"offline"}`).Expect(200)
		expect("offline", false, -1)
		sweep()
		expect("offline and swept", false, -1)
	})
}

// A connection says where somebody is, not that they work.
func TestAConnectionSetsNobodyOnline(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		insertAgent(t, s, w.ID, w.user("bob"))
		w.must(s.Desk.Present(t.Context(), w.ID, []string{w.user("bob"), w.user("ann"), w.user("ann"), w.user("zoe")}))
		w.must(s.Desk.Present(t.Context(), w.ID, nil))
		bob := w.as("bob").Do("GET", "/v1/me/agent", nil).Expect(200)
		if bob.String("status") != "offline" || bob.Value("connected") != true {
			t.Errorf("bob is %s", bob.Body)
		}
		if !w.connected("ann") || w.as("zoe").Do("GET", "/v1/me/agent", nil).Value("connected") != false {
			t.Error("ann is not there, or zoe is in another tenant")
		}
	})
}
