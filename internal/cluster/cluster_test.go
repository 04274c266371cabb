package cluster

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/testserver"
)

// each runs f with either medium. Every call of join brings another node to the same one.
func each(t *testing.T, f func(t *testing.T, join func() *Cluster)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		m := newMemory()
		f(t, func() *Cluster { return join(m) })
	})
	t.Run("redis", func(t *testing.T) {
		url := testserver.Redis.URL(t)
		f(t, func() *Cluster { return dial(t, url) })
	})
}

// dial waits until the node hears the others.
func dial(t *testing.T, url string) *Cluster {
	t.Helper()
	c, err := Dial(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	healthy(t, c)
	return c
}

func healthy(t *testing.T, c *Cluster) {
	t.Helper()
	clustertest.Eventually(t, "values and messages get through", func() bool { return c.Health() == nil })
}

// newTenant is one that no other test on the same server has.
func newTenant() string { return store.NewID(time.Now()) }

// ear keeps what a node has heard.
type ear struct {
	mu     sync.Mutex // guards what follows
	heard  []Message
	missed int
}

func listenTo(c *Cluster, topic Topic) *ear {
	e := &ear{}
	c.Subscribe(topic, func(m Message) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.heard = append(e.heard, m)
	}, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.missed++
	})
	return e
}

// about returns what was heard of a tenant.
func (e *ear) about(tenant string) []Message {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(e.heard), func(m Message) bool { return m.Tenant != tenant })
}

func (e *ear) timesMissed() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.missed
}

func TestEveryNodeHearsAMessageOnceAndInOrder(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		here, there := join(), join()
		near, far, deaf := listenTo(here, "news"), listenTo(there, "news"), listenTo(there, "weather")
		tenant := newTenant()
		var sent []Message
		for _, payload := range []string{"plain", "", "with spaces and : colons", "two\nlines", "引座\x00\xff"} {
			m := Message{tenant, "news", payload}
			sent = append(sent, m)
			if err := here.Publish(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if got := near.about(tenant); !slices.Equal(got, sent) {
				t.Fatalf("the node itself has heard %q", got)
			}
		}
		clustertest.Eventually(t, "the last message arrives", func() bool { return len(far.about(tenant)) >= len(sent) })
		if got := far.about(tenant); !slices.Equal(got, sent) {
			t.Errorf("the other node has heard %q", got)
		}
		if got := near.about(tenant); !slices.Equal(got, sent) {
			t.Errorf("the node has heard itself twice: %q", got)
		}
		if got := deaf.about(tenant); len(got) > 0 {
			t.Errorf("another topic has heard %q", got)
		}
	})
}

func TestAValueIsEverybodysUntilItsLifeIsOver(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		here, there := join(), join()
		tenant := newTenant()
		put := func(text string, life time.Duration) {
			if err := here.Put(t.Context(), tenant, "key", text, life); err != nil {
				t.Fatal(err)
			}
		}
		get := func(tenant, key string) string {
			text, err := there.Get(t.Context(), tenant, key)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		put("first", time.Hour)
		put("second", time.Hour)
		if got := get(tenant, "key"); got != "second" {
			t.Errorf("got %q", got)
		}
		for _, other := range [][2]string{{tenant, "other"}, {newTenant(), "key"}} {
			if got := get(other[0], other[1]); got != "" {
				t.Errorf("%v is %q", other, got)
			}
		}
		put("third", time.Millisecond)
		clustertest.Eventually(t, "the value is gone", func() bool { return get(tenant, "key") == "" })
	})
}

func TestAMarkIsAnotherOneAfterEachAnnouncement(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		here, there := join(), join()
		far := listenTo(there, "door")
		tenant, now := newTenant(), time.Now()
		marks := []Mark{{"door", "one"}, {"door", ""}}
		stands := func(s Stamp) (Stamp, bool) { return there.Renew(t.Context(), now, s, tenant, marks...) }

		before, ok := stands(Stamp{})
		if ok {
			t.Fatal("what was never read stands")
		}
		for n, m := range []Message{{tenant, "door", "one"}, {tenant, "door", "one"}, {tenant, "door", ""}} {
			if _, ok = stands(before); !ok {
				t.Fatalf("%d: does not stand, and nothing has changed", n)
			}
			for _, other := range []Message{{tenant, "door", "two"}, {tenant, "window", "one"}, {newTenant(), "door", "one"}} {
				here.Announce(other)
			}
			if _, ok = stands(before); !ok {
				t.Fatalf("%d: something else has changed", n)
			}
			here.Announce(m)
			after, ok := stands(before)
			if ok {
				t.Fatalf("%d: stands after it has changed", n)
			}
			before = after
			clustertest.Eventually(t, "the other node hears of it", func() bool { return slices.Contains(far.about(tenant), m) })
		}
	})
}

// Whatever names they are made of, no two things have one key, and each begins with its tenant.
func TestKeysAreTheirOwners(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z0-9-]{1,3}`)
		part := rapid.StringMatching(`[a-z: ]{0,4}`)
		mark := func(label string) (string, Mark) {
			return word.Draw(t, "tenant"+label), Mark{Topic(word.Draw(t, "topic"+label)), part.Draw(t, "id"+label)}
		}
		tenant1, mark1 := mark("1")
		tenant2, mark2 := mark("2")
		key := part.Draw(t, "key")
		if same := tenant1 == tenant2 && mark1 == mark2; (mark1.key(tenant1) == mark2.key(tenant2)) != same {
			t.Errorf("%v and %v of %s and %s", mark1, mark2, tenant1, tenant2)
		}
		if mark1.key(tenant1) == valueKey(tenant1, key) {
			t.Errorf("%v is the value %q", mark1, key)
		}
		if !strings.HasPrefix(valueKey(tenant1, key), tenant1+":") || !strings.HasPrefix(mark1.key(tenant1), tenant1+":") {
			t.Errorf("%s and %s", valueKey(tenant1, key), mark1.key(tenant1))
		}
	})
}

// Others may write to the same Redis.
func FuzzWhatIsNoMessageOfOursIsLetGo(f *testing.F) {
	f.Add("t:usher", "sender news payload")
	f.Add("t:usher", "sender news")
	f.Add("usher", "")
	f.Fuzz(func(t *testing.T, channel, text string) {
		c := New()
		e := listenTo(c, "news")
		c.hear(note{channel, text})
		sender, _, _ := strings.Cut(text, " ")
		wanted := strings.HasSuffix(channel, channelEnd) && strings.HasPrefix(text, sender+" news ")
		if (len(e.heard) == 1) != wanted {
			t.Errorf("heard %q", e.heard)
		}
	})
}

func TestNothingWorksAfterClose(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		c := join()
		c.Close()
		c.Close()
		_, err := c.Get(t.Context(), "t", "key")
		for _, err := range []error{err, c.Put(t.Context(), "t", "key", "", time.Hour), c.Publish(t.Context(), Message{}), c.Health()} {
			if !errors.Is(err, ErrAway) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// What is over does not stay in memory for ever.
func TestMemoryForgetsWhatIsOver(t *testing.T) {
	m := newMemory()
	if err := m.send(t.Context(), []value{{"old", "", -time.Second}}); err != nil {
		t.Fatal(err)
	}
	m.sweep = time.Now()
	clustertest.Eventually(t, "a sweep", func() bool {
		if err := m.send(t.Context(), []value{{"new", "", time.Hour}}); err != nil {
			t.Fatal(err)
		}
		return len(m.values) == 1
	})
}
