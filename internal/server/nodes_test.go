package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
)

// nodes are three of one installation, on one PostgreSQL database and one Redis, with a tenant in it.
// Their clock stands still unless a test moves it: nothing grows old by itself.
type nodes struct {
	redis   *testserver.Server
	proxies []*clustertest.Proxy // between each node and Redis
	all     []*servertest.Server
	acme    *servertest.Tenant
	admin   *servertest.User
}

// connect brings a node to what it shares with the others.
type connect func(t *testing.T, n *nodes) *cluster.Cluster

func threeNodes(t *testing.T, join connect) *nodes {
	t.Helper()
	n := &nodes{redis: testserver.Redis.Start(t)}
	_, application := storetest.PostgresURLs(t)
	for _, name := range []string{"one", "two", "three"} {
		db, shared := open(t, application), join(t, n)
		if len(n.all) == 0 {
			n.all = append(n.all, servertest.RunNode(t, db, shared))
			continue
		}
		n.all = append(n.all, n.all[0].Beside(name, db, shared))
	}
	n.all[0].Clock.Stop()
	n.acme = n.all[0].NewTenant("acme", "it-desk")
	n.admin = n.acme.NewUser("root", nil, "admin")
	return n
}

func open(t *testing.T, address string) *store.DB {
	t.Helper()
	db, err := store.OpenPostgres(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// throughProxies is the usual way.
func throughProxies(t *testing.T, n *nodes) *cluster.Cluster {
	t.Helper()
	proxy := clustertest.Between(t, n.redis.URL)
	n.proxies = append(n.proxies, proxy)
	return dial(t, proxy.URL)
}

func dial(t *testing.T, address string) *cluster.Cluster {
	t.Helper()
	shared, err := cluster.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(shared.Close)
	return shared
}

// each does something with every node's connection to Redis.
func (n *nodes) each(f func(*clustertest.Proxy)) {
	for _, p := range n.proxies {
		f(p)
	}
}

// ready waits until every node says so.
func (n *nodes) ready(t *testing.T) {
	t.Helper()
	for _, node := range n.all {
		clustertest.Eventually(t, "the node is ready", func() bool {
			return node.Client().Do("GET", "/readyz", nil).Expect(200).String("status") == "ok"
		})
	}
}

func (n *nodes) advance(d time.Duration) { n.all[0].Clock.Advance(d) }

// Nothing grows old here: with Redis there, the others hear of it.
func TestWhatIsTakenAwayOnOneNodeIsGoneOnAll(t *testing.T) {
	n := threeNodes(t, throughProxies)
	n.ready(t)
	for name, c := range causes {
		t.Run(name, func(t *testing.T) {
			p := n.person(t, name)
			c.take(t, p, n.admin.SignIn())
			if !p.refusedAt(n.all[0], c) {
				t.Error("the node that did it serves them")
			}
			for _, node := range n.all {
				clustertest.Eventually(t, "the others hear of it", func() bool { return p.refusedAt(node, c) })
			}
			n.advance(time.Minute)
			p.refused(t, c)
		})
	}
}

func TestWhatIsGivenOnOneNodeIsThereOnAll(t *testing.T) {
	n := threeNodes(t, throughProxies)
	n.ready(t)
	u := n.acme.NewUser("newcomer", nil, "user")
	p := &person{u, u.SignIn(), n}
	for _, node := range n.all {
		p.At(node).Do("GET", "/v1/departments", nil).Refused(403, "no_permission")
	}
	path, admin := "/v1/users/"+u.ID+"/roles", n.admin.SignIn()
	etag := admin.Do("GET", path, nil).Expect(200).ETag()
	admin.Do("PUT", path, object{"roles": []any{object{"role": "team_lead"}}}, "If-Match", etag).Expect(200)
	for _, node := range n.all {
		clustertest.Eventually(t, "the others hear of it", func() bool { return p.At(node).Do("GET", "/v1/departments", nil).Status == 200 })
	}
}

// A connection hears of the end of its session from whichever node brings it about.
func TestConnectionsCloseOnEveryNode(t *testing.T) {
	n := threeNodes(t, throughProxies)
	n.ready(t)
	p := n.person(t, "watcher")
	var open []*websocket.Conn
	for _, node := range n.all {
		header := http.Header{"Authorization": {"Bearer " + p.Token}}
		conn, _, err := websocket.Dial(t.Context(), node.Address()+"/v1/realtime", &websocket.DialOptions{HTTPHeader: header})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		open = append(open, conn)
	}
	n.admin.SignIn().Do("DELETE", "/v1/users/"+p.user.ID+"/sessions", nil).Expect(204)
	for i, conn := range open {
		if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != 4403 {
			t.Errorf("on node %d: %v", i+1, err)
		}
	}
}

// Messages are sent once and may be lost; marks stay. A node that hears nothing asks for them every second,
// or a little later when this machine is so busy that Redis seems to hang.
func TestANodeThatHearsNothingObeysMarks(t *testing.T) {
	n := threeNodes(t, func(t *testing.T, n *nodes) *cluster.Cluster {
		clustertest.Tell(t, n.redis.URL, "ACL", "SETUSER", "deaf", "on", ">secret", "~*", "&*", "+@all", "-psubscribe")
		return dial(t, strings.Replace(n.redis.URL, "redis://", "redis://deaf:secret@", 1))
	})
	for name, c := range causes {
		t.Run(name, func(t *testing.T) {
			p := n.person(t, name)
			c.take(t, p, n.admin.SignIn())
			for _, node := range n.all {
				seconds := 0
				for ; !p.refusedAt(node, c) && seconds < 3; seconds++ {
					n.advance(time.Second)
				}
				if seconds == 3 { // the fourth would have the database asked
					t.Error("the mark is not obeyed")
				}
			}
		})
	}
}

// With nothing between them but the database, nodes obey one another within five seconds.
func TestNodesThatShareNothingAgreeWithinFiveSeconds(t *testing.T) {
	n := threeNodes(t, func(*testing.T, *nodes) *cluster.Cluster { return cluster.New() })
	n.ready(t)
	for name, c := range causes {
		t.Run(name, func(t *testing.T) {
			p := n.person(t, name)
			c.take(t, p, n.admin.SignIn())
			n.advance(5 * time.Second)
			p.refused(t, c)
		})
	}
}

// outage is what happens to Redis, and how it ends.
type outage struct {
	begin, end func(t *testing.T, n *nodes)
	degraded   bool // nodes say so meanwhile
}

func (n *nodes) restore(*testing.T) { n.each((*clustertest.Proxy).Restore) }

var outages = map[string]outage{
	"stopped": {func(_ *testing.T, n *nodes) { n.each((*clustertest.Proxy).Cut) }, func(t *testing.T, n *nodes) { n.restore(t) }, true},
	"hanging": {func(_ *testing.T, n *nodes) { n.each((*clustertest.Proxy).Hang) }, func(t *testing.T, n *nodes) { n.restore(t) }, true},
	"slow": {
		func(_ *testing.T, n *nodes) { n.each(func(p *clustertest.Proxy) { p.Delay(2 * cluster.Deadline) }) },
		func(t *testing.T, n *nodes) { n.restore(t) }, true,
	},
	"flushed": {func(t *testing.T, n *nodes) { clustertest.Tell(t, n.redis.URL, "FLUSHALL") }, func(*testing.T, *nodes) {}, false},
	"flushed while it is away": {
		func(_ *testing.T, n *nodes) { n.each((*clustertest.Proxy).Cut) },
		func(t *testing.T, n *nodes) { clustertest.Tell(t, n.redis.URL, "FLUSHALL"); n.restore(t) }, true,
	},
	"restarted empty": {
		func(_ *testing.T, n *nodes) { n.redis.Stop() },
		func(t *testing.T, n *nodes) {
			n.redis = testserver.Redis.Start(t)
			n.each(func(p *clustertest.Proxy) { p.Lead(t, n.redis.URL) })
		}, true,
	},
}

// Whatever happens to Redis: what was taken away before stays so, what is taken away meanwhile is gone on
// that node at once and on all within five seconds, for good, and nobody else notices.
func TestAnOutageOfRedisBringsNothingBackAndThrowsNobodyOut(t *testing.T) {
	for name, o := range outages {
		t.Run(name, func(t *testing.T) {
			n := threeNodes(t, throughProxies)
			n.ready(t)
			bystander, before, during := n.person(t, "bystander"), n.people(t, "before"), n.people(t, "during")
			before.lose(t, n)
			n.advance(5 * time.Second)
			before.refused(t)

			o.begin(t, n)
			n.advance(time.Second) // so that Redis is asked
			bystander.served(t)
			for _, node := range n.all {
				n.says(t, node, o.degraded)
			}
			during.lose(t, n)
			bystander.served(t)
			n.advance(5 * time.Second)
			during.refused(t)
			before.refused(t)
			bystander.served(t)

			o.end(t, n)
			for range 10 {
				during.refused(t)
				before.refused(t)
				bystander.served(t)
				n.advance(700 * time.Millisecond)
			}
			n.ready(t)
			during.refused(t)
			before.refused(t)
			bystander.served(t)
		})
	}
}

// says waits until a node says how it is.
func (n *nodes) says(t *testing.T, node *servertest.Server, degraded bool) {
	t.Helper()
	status, redis := "ok", "ok"
	if degraded {
		status, redis = "degraded", "down"
	}
	clustertest.Eventually(t, "the node says that it is "+status, func() bool {
		answer := node.Client().Do("GET", "/readyz", nil).Expect(200)
		return answer.String("status") == status && answer.String("parts", "redis") == redis && answer.String("parts", "database") == "ok"
	})
}
