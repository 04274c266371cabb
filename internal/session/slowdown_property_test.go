package session

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

func TestMoreFailuresNeverShortenAPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		failures, names := rapid.Int64Range(0, 300).Draw(t, "failures"), rapid.Int64Range(0, 60).Draw(t, "names")
		more, others := rapid.Int64Range(0, 300).Draw(t, "more"), rapid.Int64Range(0, 60).Draw(t, "others")
		if paceOfName(failures+more) < paceOfName(failures) || paceOfNetwork(failures+more, names+others) < paceOfNetwork(failures, names) {
			t.Errorf("%d failures over %d names, and %d and %d more", failures, names, more, others)
		}
	})
}

func TestWhoWaitsAsLongAsToldIsNotEarly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := time.UnixMicro(rapid.Int64Range(0, 1<<50).Draw(t, "last"))
		pace := rapid.SampledFrom([]time.Duration{0, networkPace, namePace}).Draw(t, "pace")
		now := last.Add(time.Duration(rapid.Int64Range(-int64(2*namePace), int64(2*namePace)).Draw(t, "gap")))
		wait := early(last, now, pace)
		if wait < 0 || wait > pace || !now.Before(last) && early(last, now.Add(wait), pace) != 0 || wait > 0 && early(last, now.Add(wait-1), pace) == 0 {
			t.Errorf("%v of %v, %v after the last", wait, pace, now.Sub(last))
		}
	})
}

// guesser is everybody who tries, as simply as it can be said: every failure of old times is remembered.
type guesser struct {
	failures []tryRow
	last     map[string]time.Time
}

func (g *guesser) wait(r tryRow) time.Duration {
	var byName, byNetwork int64
	names := map[string]bool{}
	for _, f := range g.failures {
		if f.name == r.name && r.time.Sub(f.time) < nameWindow {
			byName++
		}
		if f.network == r.network && r.time.Sub(f.time) < networkWindow {
			byNetwork++
			names[f.name] = true
		}
	}
	if wait := early(g.last[r.name], r.time, paceOfName(byName)); wait > 0 {
		return wait
	}
	return early(g.last[r.network], r.time, paceOfNetwork(byNetwork, int64(len(names))))
}

// Whatever is tried from wherever, and whether it fails, succeeds or is given back: the rows hold up the
// next try exactly as the words in slowdown.go say.
func TestBrakesHoldWhatTheySay(t *testing.T) {
	undone := errors.New("undone")
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rapid.Check(t, func(t *rapid.T) {
			err := db.Write(t.Context(), tenant.Platform, func(tx *store.Tx) error {
				g := &guesser{last: map[string]time.Time{}}
				for range rapid.IntRange(1, 3).Draw(t, "campaigns") {
					g.campaign(t, tx)
				}
				return undone
			})
			if !errors.Is(err, undone) {
				t.Fatal(err)
			}
		})
	})
}

// campaign makes many tries at one pace, over some names and networks.
func (g *guesser) campaign(t *rapid.T, tx *store.Tx) {
	gap := rapid.SampledFrom([]time.Duration{0, time.Second - time.Microsecond, time.Second, 20 * time.Second, time.Minute, 15 * time.Minute}).Draw(t, "gap")
	names, networks := rapid.IntRange(1, 25).Draw(t, "names"), rapid.IntRange(1, 2).Draw(t, "networks")
	fate := rapid.SampledFrom([]string{"fails", "fails", "succeeds", "unjudged"}).Draw(t, "fate")
	tx.Now = tx.Now.Add(rapid.SampledFrom([]time.Duration{0, time.Minute, 10 * time.Minute, 24 * time.Hour}).Draw(t, "pause"))
	for n := range rapid.IntRange(1, 110).Draw(t, "tries") {
		tx.Now = tx.Now.Add(gap)
		g.try(t, tx, tryRow{id: store.NewID(tx.Now), time: tx.Now, name: fmt.Sprint("name", n%names), network: fmt.Sprint("network", n%networks)}, fate)
	}
}

func (g *guesser) try(t *rapid.T, tx *store.Tx, r tryRow, fate string) {
	want := g.wait(r)
	_, err := r.take(t.Context(), tx)
	if early := errors.Is(err, fault.ErrSlowDown); early != (want > 0) || err != nil && !early {
		t.Fatalf("%v, and it should wait %v", err, want)
	}
	if err != nil {
		return
	}
	switch fate {
	case "fails":
		g.failures = append(g.failures, r)
		g.last[r.name], g.last[r.network] = r.time, r.time
	case "succeeds":
		g.last[r.name], g.last[r.network] = r.time, r.time
		err = r.delete(t.Context(), tx)
	case "unjudged":
		err = errors.Join(r.delete(t.Context(), tx), r.release(t.Context(), tx))
	}
	if err != nil {
		t.Fatal(err)
	}
}
