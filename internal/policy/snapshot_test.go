package policy

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/cluster"
)

// stampAt is that of something read at an instant.
func stampAt(t *testing.T, at time.Time) cluster.Stamp {
	t.Helper()
	stamp, _ := cluster.New().Renew(t.Context(), at, cluster.Stamp{}, "t")
	return stamp
}

func TestAPlaceKeepsTheNewestPolicy(t *testing.T) {
	var p place
	now := time.Now()
	older, newer := &Compiled{Version: 1}, &Compiled{Version: 2}
	p.put(newer, stampAt(t, now), placeState{})
	p.put(older, stampAt(t, now), placeState{}) // its commit came first and is heard of last
	if p.take(now) != newer {
		t.Error("an older policy replaced a newer one")
	}
}

func TestAPlaceKeepsNothingThatWasReadBeforeItWasCleared(t *testing.T) {
	var p place
	now := time.Now()
	_, before := p.look()
	p.clear() // while the policy is being read
	p.put(&Compiled{Version: 2}, stampAt(t, now), before)
	if c, _ := p.look(); c != nil {
		t.Error("what was read before the place was cleared is there")
	}
	fresh := &Compiled{Version: 1}
	_, before = p.look()
	p.put(fresh, stampAt(t, now), before)
	if p.take(now) != fresh {
		t.Error("what was read afterwards is not there")
	}
}

// What is in doubt is kept, because it may prove right, and given to nobody.
func TestAPlaceGivesNothingThatWasReadBeforeItWasDoubted(t *testing.T) {
	var p place
	now := time.Now()
	_, before := p.look()
	p.doubt() // while the policy is being read
	c := &Compiled{Version: 1}
	p.put(c, stampAt(t, now), before)
	if p.take(now) != nil {
		t.Error("what was read before the doubt is given")
	}
	known, before := p.look()
	if p.put(known, stampAt(t, now), before); p.take(now) != c {
		t.Error("what has proved right is not given")
	}
	if p.doubt(); p.take(now) != nil {
		t.Error("what is in doubt is given")
	}
}

func TestAPlaceGivesNothingOld(t *testing.T) {
	var p place
	now := time.Now()
	p.put(&Compiled{}, stampAt(t, now), placeState{})
	if p.take(now.Add(time.Minute)) != nil {
		t.Error("trusted for a minute")
	}
}
