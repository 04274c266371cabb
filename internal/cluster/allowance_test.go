package cluster

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/testserver"
)

// ofTwo is used up by two, and not whole again while a test runs.
func ofTwo(name string) Allowance { return Allowance{name, 2, time.Hour} }

// spends reports whether a node still may, and checks what it says about when.
func spends(t *testing.T, c *Cluster, tenant string, allowances ...Allowance) bool {
	t.Helper()
	wait := c.Spend(t.Context(), tenant, allowances...)
	if wait < 0 || wait > time.Hour || wait > 0 && wait < 59*time.Minute {
		t.Errorf("wait %v", wait)
	}
	return wait == 0
}

func TestAnAllowanceIsSpentByAllNodesTogether(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		here, there := join(), join()
		tenant, other := newTenant(), newTenant()
		mine := ofTwo("mine")
		if !spends(t, here, tenant, mine) || !spends(t, there, tenant, mine) {
			t.Fatal("refused, and two are allowed")
		}
		for range 3 {
			if spends(t, here, tenant, mine) || spends(t, there, tenant, mine) {
				t.Fatal("a third is allowed")
			}
		}
		if !spends(t, here, other, mine) || !spends(t, there, tenant, ofTwo("yours")) {
			t.Error("what is somebody else's is spent")
		}
	})
}

func TestOfSeveralAllowancesAllAreSpentOrNone(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		here, there, tenant := join(), join(), newTenant()
		everybodys := Allowance{"everybodys", 3, time.Hour}
		spends(t, here, tenant, ofTwo("one"), everybodys)
		spends(t, here, tenant, ofTwo("one"), everybodys)
		for range 5 {
			if spends(t, there, tenant, ofTwo("one"), everybodys) {
				t.Fatal("a third of two")
			}
		}
		if !spends(t, here, tenant, ofTwo("two"), everybodys) {
			t.Error("what was refused was counted")
		}
		if spends(t, here, tenant, ofTwo("two"), everybodys) {
			t.Error("a fourth of three")
		}
		if !spends(t, there, tenant, ofTwo("two")) {
			t.Error("what was refused was counted")
		}
	})
}

func TestAnAllowanceComesBack(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		c, tenant := join(), newTenant()
		for _, quick := range []Allowance{{"quick", 1, time.Millisecond}, {"quicker", 1, time.Nanosecond}} {
			for range 3 {
				clustertest.Eventually(t, "one more", func() bool { return c.Spend(t.Context(), tenant, quick) == 0 })
			}
		}
	})
}

// However many nodes and goroutines spend an allowance, they get what it holds, and no more.
func TestAnAllowanceSpentByManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, join func() *Cluster) {
		nodes := []*Cluster{join(), join(), join()}
		rapid.Check(t, func(rt *rapid.T) {
			tenant := newTenant()
			a := Allowance{"a", rapid.IntRange(1, 20).Draw(rt, "burst"), time.Hour}
			each := rapid.IntRange(0, 20).Draw(rt, "times each")
			var got atomic.Int64
			var all sync.WaitGroup
			for _, node := range nodes {
				for range 2 {
					all.Go(func() {
						for range each {
							if node.Spend(t.Context(), tenant, a) == 0 {
								got.Add(1)
							}
						}
					})
				}
			}
			all.Wait()
			if want := min(a.Burst, 2*each*len(nodes)); got.Load() != int64(want) {
				rt.Errorf("%d of %d", got.Load(), want)
			}
		})
	})
}

func TestLosingRedisLiftsNoLimit(t *testing.T) {
	server := testserver.Redis.Start(t)
	for name, breaks := range map[string]func(*clustertest.Proxy){
		"stopped": func(p *clustertest.Proxy) { p.Cut() },
		"hanging": func(p *clustertest.Proxy) { p.Hang() },
		"flushed": func(*clustertest.Proxy) { clustertest.Tell(t, server.URL, "FLUSHALL") },
	} {
		t.Run(name, func(t *testing.T) {
			proxy := clustertest.Between(t, server.URL)
			c, tenant := dial(t, proxy.URL), newTenant()
			spends(t, c, tenant, ofTwo("half"))
			spends(t, c, tenant, ofTwo("all"))
			spends(t, c, tenant, ofTwo("all"))
			breaks(proxy)
			if spends(t, c, tenant, ofTwo("all")) {
				t.Error("a third of two")
			}
			if !spends(t, c, tenant, ofTwo("half")) || spends(t, c, tenant, ofTwo("half")) {
				t.Error("not two of two")
			}
		})
	}
}

// Nobody waits for years because a clock was wrong for a moment.
func TestAClockThatWasSetBackLocksNobodyOut(t *testing.T) {
	server := testserver.Redis.URL(t)
	c, tenant := dial(t, server), newTenant()
	clustertest.Tell(t, server, "SET", tenant+":usher:allowance:mine", "4000000000000000")
	if wait := c.Spend(t.Context(), tenant, ofTwo("mine")); wait != time.Hour {
		t.Errorf("wait %v", wait)
	}
}

func TestANodeThatMayRunNoScriptsCountsForItself(t *testing.T) {
	server := testserver.Redis.Start(t)
	clustertest.Tell(t, server.URL, "ACL", "SETUSER", "plain", "on", ">secret", "~*", "&*", "+@all", "-@scripting")
	l := log(t)
	c, tenant := dial(t, strings.Replace(server.URL, "redis://", "redis://plain:secret@", 1)), newTenant()
	for n, want := range []bool{true, true, false} {
		if spends(t, c, tenant, ofTwo("mine")) != want {
			t.Errorf("call %d: allowed is %t", n, !want)
		}
	}
	if told := strings.Count(l.String(), "runs no scripts"); told != 1 || c.Health() != nil {
		t.Errorf("told %d times, health is %v", told, c.Health())
	}
}

// What is whole again does not stay in memory for ever.
func TestWhatIsWholeIsForgotten(t *testing.T) {
	s := newSpending()
	s.spend([]Allowance{{"old", 1, time.Nanosecond}})
	s.sweep = 0
	clustertest.Eventually(t, "a sweep", func() bool {
		s.spend([]Allowance{{"new", 1, time.Hour}})
		return len(s.whole) == 1
	})
}
