package desk_test

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
)

// twoThroughProxies are two nodes on one PostgreSQL, each with a proxy between it and their Redis.
func twoThroughProxies(t *testing.T) (one, two *servertest.Server, proxies []*clustertest.Proxy) {
	t.Helper()
	_, application := storetest.PostgresURLs(t)
	join := func() (*store.DB, *cluster.Cluster) {
		db, err := store.OpenPostgres(t.Context(), application)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		proxy := clustertest.Between(t, testserver.Redis.URL(t))
		shared, err := cluster.Dial(proxy.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(shared.Close)
		clustertest.Eventually(t, "the nodes hear each other", func() bool { return shared.Health() == nil })
		proxies = append(proxies, proxy)
		return db, shared
	}
	db, shared := join()
	one = servertest.RunNode(t, db, shared)
	db, shared = join()
	return one, one.Beside("two", db, shared), proxies
}

// A Redis loses messages, says them twice, is late, is cut off in the middle and comes back: what everybody
// sees at the end is what the database holds, each message once and in order.
func TestARedisThatLosesAndDoublesMessagesCostsNoEvent(t *testing.T) {
	const n = 24
	var lost, doubled atomic.Int64
	random := func() int {
		times := rand.IntN(3)
		lost.Add(int64(1 - min(times, 1)))
		doubled.Add(int64(times / 2))
		return times
	}
	one, two, proxies := twoThroughProxies(t)
	w := newTalk(t, one)
	thread := "conversation/" + w.id
	var threads, lists []*viewer
	for _, polls := range []bool{false, true} {
		for _, node := range []*servertest.Server{one, two} {
			threads = append(threads, w.view(node, "rui", polls).follow(thread, nil), w.view(node, "ann", polls).follow(thread, nil))
			lists = append(lists, w.view(node, "ann", polls).follow("conversations", nil), w.view(node, "rui", polls).follow("mine", nil))
		}
	}
	for _, p := range proxies {
		p.Spoil(random)
	}
	for i := range n {
		switch p := proxies[i/4%2]; i % 8 {
		case 3:
			p.Delay(cluster.Deadline / 4)
		case 5:
			p.Delay(0)
			p.Cut()
		case 7:
			p.Restore()
			p.Spoil(random)
		}
		from := []*servertest.Server{one, two}[i%2]
		w.as([]string{"rui", "ann"}[i/2%2]).At(from).Do("POST", "/v1/conversations/"+w.id+"/messages", object{"kind": "text", "text": fmt.Sprint("m", i+1)}).Expect(201)
	}
	for _, v := range threads {
		if got := v.hears(n); got != countedUp(n) {
			t.Errorf("%s", got)
		}
		v.clean()
	}
	for _, v := range lists {
		v.until("the last state", func() bool { return v.rows[w.id].LastSeq == n })
		v.clean()
	}
	clustertest.Eventually(t, "messages are lost and doubled", func() bool {
		one.Realtime.Notify(w.ID)
		two.Realtime.Notify(w.ID)
		return lost.Load() > 0 && doubled.Load() > 0
	})
}

// A node stops for good after a commit of which its Redis, which hangs just then, has told nobody.
func TestANodeThatDiesBeforeItTellsTheOthersCostsNoEvent(t *testing.T) {
	one, two, proxies := twoThroughProxies(t)
	w := newTalk(t, one)
	thread := "conversation/" + w.id
	there := w.view(two, "ann", false).follow(thread, nil)
	proxies[0].Hang()
	w.say("rui", "text", "m1").Expect(201)
	proxies[0].Cut() // what hung is never told
	one.Stop()
	if got := there.hears(1); got != countedUp(1) {
		t.Errorf("%s", got)
	}
	there.clean()
}
