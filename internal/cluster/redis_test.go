package cluster

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/testserver"
)

func away(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Put(t.Context(), "t", "key", "text", time.Hour); !errors.Is(err, ErrAway) {
		t.Fatalf("got %v", err)
	}
	if err := c.Health(); !errors.Is(err, ErrAway) {
		t.Fatalf("health is %v", err)
	}
}

// Whatever breaks, operations fail, the subscribers are told that they may have missed something once
// that is over, and everything works as before.
func TestRedisBreaksAndComesBack(t *testing.T) {
	server := testserver.Redis.URL(t)
	for name, breaks := range map[string]func(*clustertest.Proxy){
		"stopped": func(p *clustertest.Proxy) { p.Cut() },
		"hanging": func(p *clustertest.Proxy) { p.Hang() },
		"slow":    func(p *clustertest.Proxy) { p.Delay(2 * Deadline) },
	} {
		t.Run(name, func(t *testing.T) {
			proxy := clustertest.Between(t, server)
			here, there := dial(t, proxy.URL), dial(t, server)
			heard := listenTo(here, "news")
			breaks(proxy)
			away(t, here)
			proxy.Cut() // nothing that was held up arrives afterwards
			m := Message{newTenant(), "news", "lost"}
			if err := there.Publish(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			proxy.Restore()
			healthy(t, here)
			if heard.timesMissed() == 0 || len(heard.about(m.Tenant)) > 0 {
				t.Errorf("missed %d times, heard %v", heard.timesMissed(), heard.about(m.Tenant))
			}
			m.Payload = "again"
			if err := there.Publish(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			clustertest.Eventually(t, "messages arrive again", func() bool { return len(heard.about(m.Tenant)) == 1 })
		})
	}
}

func TestARedisThatIsAwayAtFirstIsFoundLater(t *testing.T) {
	proxy := clustertest.Between(t, testserver.Redis.URL(t))
	proxy.Cut()
	c, err := Dial(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	away(t, c)
	proxy.Restore()
	healthy(t, c)
}

// What a node has no answer for does not stand for longer than what it remembers anyway, and what is no
// longer there has changed.
func TestMarksThatAreGoneHaveChanged(t *testing.T) {
	server := testserver.Redis.Start(t)
	next := testserver.Redis.Start(t)
	for name, empties := range map[string]func(*clustertest.Proxy){
		"flushed":         func(*clustertest.Proxy) { clustertest.Tell(t, server.URL, "FLUSHALL") },
		"restarted empty": func(p *clustertest.Proxy) { p.Lead(t, next.URL) },
	} {
		t.Run(name, func(t *testing.T) {
			proxy := clustertest.Between(t, server.URL)
			c := dial(t, proxy.URL)
			c.Announce(Message{"t", "door", "one"})
			now := time.Now()
			renew := func(s Stamp) (Stamp, bool) { return c.Renew(t.Context(), now, s, "t", Mark{"door", "one"}) }
			before, _ := renew(Stamp{})
			if _, stands := renew(before); !stands {
				t.Fatal("does not stand, and nothing has changed")
			}
			empties(proxy)
			clustertest.Eventually(t, "the mark is gone", func() bool { _, stands := renew(before); return !stands })
		})
	}
}

// A server that answers and does not store, as one that is full or a replica, is as good as none.
func TestARedisThatDoesNotStoreIsAway(t *testing.T) {
	server := testserver.Redis.Start(t)
	c := dial(t, server.URL)
	clustertest.Tell(t, server.URL, "CONFIG", "SET", "min-replicas-to-write", "1")
	away(t, c)
	clustertest.Tell(t, server.URL, "CONFIG", "SET", "min-replicas-to-write", "0")
	healthy(t, c)
}

// A node that is kept from hearing the others says so, although all else works.
func TestANodeThatHearsNothingIsNotHealthy(t *testing.T) {
	server := testserver.Redis.Start(t)
	deaf := strings.Replace(server.URL, "redis://", "redis://deaf:secret@", 1)
	clustertest.Tell(t, server.URL, "ACL", "SETUSER", "deaf", "on", ">secret", "~*", "resetchannels", "+@all", "-psubscribe")
	c, err := Dial(deaf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	clustertest.Eventually(t, "a value is stored", func() bool { return c.Put(t.Context(), "t", "key", "text", time.Hour) == nil })
	if c.Health() == nil {
		t.Error("healthy")
	}
	heard := listenTo(c, "news")
	clustertest.Tell(t, server.URL, "ACL", "SETUSER", "deaf", "allchannels", "+psubscribe")
	healthy(t, c)
	if heard.timesMissed() == 0 {
		t.Error("nobody was told that messages may have been missed")
	}
}

// These are the rights that docs/operations/nodes.md tells operators to give.
func TestTheDocumentedRightsSuffice(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations/nodes.md")
	if err != nil {
		t.Fatal(err)
	}
	rights := regexp.MustCompile(`ACL SETUSER usher on >… (.*)`).FindSubmatch(page)
	if rights == nil {
		t.Fatal("the page names none")
	}
	server := testserver.Redis.Start(t)
	clustertest.Tell(t, server.URL, append([]string{"ACL", "SETUSER", "usher", "on", ">secret"}, strings.Fields(string(rights[1]))...)...)
	c := dial(t, strings.Replace(server.URL, "redis://", "redis://usher:secret@", 1))
	renew := func(s Stamp) (Stamp, bool) { return c.Renew(t.Context(), time.Now(), s, "t", Mark{"door", "one"}) }
	before, _ := renew(Stamp{})
	if c.Announce(Message{"t", "door", "one"}); c.Health() != nil {
		t.Fatal(c.Health())
	}
	if _, stands := renew(before); stands {
		t.Error("the mark is the same")
	}
	if l := log(t); !spends(t, c, "t", ofTwo("mine")) || l.String() != "" {
		t.Errorf("told %s", l)
	}
	clustertest.Tell(t, server.URL, "RENAME", "t:usher:allowance:mine", "found")
}

// logged is what the program logs while the test runs.
type logged struct {
	mu   sync.Mutex // guards what follows
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func log(t *testing.T) *logged {
	l := &logged{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(l, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return l
}

func TestThePasswordIsUsedAndNeverTold(t *testing.T) {
	server := testserver.Redis.Start(t)
	with := func(password string) string {
		return strings.Replace(server.URL, "redis://", "redis://:"+password+"@", 1)
	}
	clustertest.Tell(t, server.URL, "CONFIG", "SET", "requirepass", "sesame")
	dial(t, with("sesame"))
	l := log(t)
	c, err := Dial(with("swordfish"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	away(t, c)
	if told := l.String() + c.Health().Error(); strings.Contains(told, "swordfish") || !strings.Contains(told, "WRONGPASS") {
		t.Errorf("told %s", told)
	}
}

func TestAnAddressThatIsNoneIsRefusedAndNotRepeated(t *testing.T) {
	for _, url := range []string{
		"", "127.0.0.1:6379", "http://:swordfish@host", "unix:///tmp/swordfish", "redis://", "redis://:swordfish@:6379", "redis://:swordfish@host:port",
		"redis://:sword/fish@host", "redis://:swordfish@host/one", "redis://:swordfish@host/0?protocol=2", "redis://:swordfish@host/0#1", "redis://%zz",
	} {
		if c, err := Dial(url); err == nil {
			c.Close()
			t.Errorf("%s: taken", url)
		} else if !errors.Is(err, ErrAddress) || strings.Contains(err.Error(), "fish") {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, url := range []string{"redis://host", "rediss://user:swordfish@host:6380/3", "redis://[::1]:6379"} {
		if _, err := options(url); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// Nothing runs on after Close, whatever state it finds Redis in.
func TestCloseLeavesNothingRunning(t *testing.T) {
	server := testserver.Redis.URL(t)
	for name, breaks := range map[string]func(*clustertest.Proxy){
		"there":   func(*clustertest.Proxy) {},
		"stopped": func(p *clustertest.Proxy) { p.Cut() },
		"hanging": func(p *clustertest.Proxy) { p.Hang() },
	} {
		t.Run(name, func(t *testing.T) {
			proxy := clustertest.Between(t, server)
			before := runtime.NumGoroutine()
			c := dial(t, proxy.URL)
			breaks(proxy)
			var asking sync.WaitGroup
			for range 10 {
				asking.Go(func() { _, _ = c.Get(t.Context(), "t", "key") })
			}
			asking.Wait()
			c.Close()
			proxy.Cut() // which ends what the proxy runs for it
			clustertest.Eventually(t, "everything has ended", func() bool { return runtime.NumGoroutine() <= before })
		})
	}
}
