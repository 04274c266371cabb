package cluster

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// remembering is a node that remembers a number which others change, on a clock that moves only when told.
type remembering struct {
	c   *Cluster
	m   *memory
	now time.Time

	number  int // in the database
	changes []change
	known   int
	stamp   Stamp
	reads   int
}

// change says when the number after this one began, and whether Redis has been there since.
type change struct {
	at   time.Time
	told bool
}

func newRemembering() *remembering {
	m := newMemory()
	return &remembering{c: join(m), m: m, now: time.Unix(1_000_000, 0)}
}

const aboutNumber = Topic("number")

func (r *remembering) ask() int {
	if r.stamp.Fresh(r.now) {
		return r.known
	}
	var stands bool
	if r.stamp, stands = r.c.Renew(context.Background(), r.now, r.stamp, "t", Mark{aboutNumber, "x"}); !stands {
		r.known = r.number
		r.reads++
	}
	return r.known
}

func (r *remembering) change() {
	r.number++
	r.changes = append(r.changes, change{r.now, !r.m.closed})
	r.c.Announce(Message{"t", aboutNumber, "x"})
}

func (r *remembering) flush() {
	clear(r.m.values)
	r.untell()
}

func (r *remembering) away() {
	r.m.closed = true
	r.untell()
}

func (r *remembering) untell() {
	for i := range r.changes {
		r.changes[i].told = false
	}
}

// Whatever happens to Redis, and in whatever order: what has changed is obeyed within five seconds, and
// within one when Redis can tell.
func TestWhatIsRememberedIsNeverTooOld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRemembering()
		t.Repeat(map[string]func(*rapid.T){
			"advance": func(t *rapid.T) {
				r.now = r.now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			},
			"change": func(*rapid.T) { r.change() },
			"flush":  func(*rapid.T) { r.flush() },
			"away":   func(*rapid.T) { r.away() },
			"back":   func(*rapid.T) { r.m.closed = false },
			"ask": func(t *rapid.T) {
				got := r.ask()
				if got == r.number {
					return
				}
				first := r.changes[got]
				age := r.now.Sub(first.at)
				if age >= remembered || age >= trusted && first.told {
					t.Fatalf("%v after a change, still the number before", age)
				}
			},
		})
	})
}

func TestNothingIsAskedMoreOftenThanItMust(t *testing.T) {
	r := newRemembering()
	for range 101 {
		r.ask()
		r.now = r.now.Add(100 * time.Millisecond)
	}
	if r.reads != 3 { // at 0, 4 and 8 seconds
		t.Errorf("the database was read %d times in ten seconds", r.reads)
	}
}

// What was read while Redis was away has no mark to go by: once it is back, the database speaks.
func TestWhatWasReadWithoutAMarkIsReadAgain(t *testing.T) {
	r := newRemembering()
	r.m.closed = true
	r.ask()
	r.m.closed = false
	r.now = r.now.Add(trusted)
	if r.ask(); r.reads != 2 {
		t.Errorf("the database was read %d times", r.reads)
	}
}

// Who reads the database between a commit and its mark has the new state under the old mark, and who
// reads it before the commit finds another mark afterwards.
func TestAMarkIsReadBeforeTheDatabase(t *testing.T) {
	r := newRemembering()
	r.stamp, _ = r.c.Renew(t.Context(), r.now, Stamp{}, "t", Mark{aboutNumber, "x"})
	r.known = r.number // before the commit
	r.change()
	r.now = r.now.Add(trusted)
	if got := r.ask(); got != 1 {
		t.Errorf("got %d", got)
	}
}

func TestAClockThatIsSetBackMakesNothingYounger(t *testing.T) {
	r := newRemembering()
	r.ask()
	r.change()
	r.now = r.now.Add(-time.Hour)
	if got := r.ask(); got != 1 {
		t.Errorf("got %d", got)
	}
}

// Many stamps that are renewed together become what each would have become by itself.
func TestManyAreRenewedAsEachWouldBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, now := newMemory(), time.Unix(1_000_000, 0)
		c := join(m)
		asked := make([]Renewal, rapid.IntRange(0, 5).Draw(t, "stamps"))
		for i := range asked {
			asked[i].Marks = []Mark{{aboutNumber, rapid.StringMatching("[a-c]").Draw(t, "mark")}, {Topic: aboutNumber}}
			if rapid.Bool().Draw(t, "known") {
				asked[i].Before, _ = c.Renew(context.Background(), now, Stamp{}, "t", asked[i].Marks...)
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond)
			if rapid.Bool().Draw(t, "changed") {
				c.Announce(Message{"t", aboutNumber, rapid.StringMatching("[a-c]?").Draw(t, "what")})
			}
		}
		m.closed = rapid.Bool().Draw(t, "away")
		for i, got := range c.RenewAll(context.Background(), now, "t", asked) {
			stamp, stands := c.Renew(context.Background(), now, asked[i].Before, "t", asked[i].Marks...)
			if got != (Renewed{stamp, stands}) {
				t.Fatalf("%d: %+v, and by itself %+v, %t", i, got, stamp, stands)
			}
		}
	})
}

func TestAStampAgesBeforeItIsTooOld(t *testing.T) {
	r := newRemembering()
	r.ask()
	for age, want := range map[time.Duration]bool{0: false, remembered/2 - 1: false, remembered / 2: true, -1: true} {
		if got := r.stamp.Aging(r.now.Add(age)); got != want {
			t.Errorf("after %v: %t", age, got)
		}
	}
}
