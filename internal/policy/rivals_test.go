package policy_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// theLast is the rail after whose round one of two administrators may be left, who has no rival any longer.
const theLast = "an administrator remains"

var rails = slices.DeleteFunc(slices.Sorted(maps.Keys(collisions)), func(rail string) bool { return rail == theLast })

// When several administrators do at once what cannot all be, it is as if they had done it one after the other:
// there is an order in which a tenant of the same plan comes to the same answers and the same state, every guard
// rail is kept after each step, and each call has left one record, which says how it ended.
func TestRivalsActAsIfOneAfterTheOther(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		servertest.Fewer(t, 10)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			p := drawPlan(rt)
			c := &contest{
				rivals: newRivals(t, s, fmt.Sprint("rivals", n), p),
				fresh:  func(i int) *rivals { return newRivals(t, s, fmt.Sprint("twin", n, "-", i), p) },
			}
			c.retell()
			for _, rail := range append(rapid.Permutation(rails).Draw(rt, "rails"), theLast) {
				if problem := c.round(drawRound(rt, rail)); problem != "" {
					rt.Fatal(problem)
				}
			}
		})
	})
}

// contest is a tenant of rivals, and one in which they are told to act one after the other.
type contest struct {
	*rivals
	fresh   func(i int) *rivals
	twins   int
	twin    *rivals
	history []told
}

// told is a round with the order in which its moves are told.
type told struct {
	moves []move
	order []int
}

// ended is how a move ended.
type ended struct {
	status int
	code   string
}

// endOf does not tell how somebody learns that they may do so no longer, or that something is gone: before the
// call has begun, or in the middle of it.
func endOf(a *servertest.Answer) ended {
	switch a.Code() {
	case "unauthenticated", "session_ended", "no_permission", "role_inactive", "not_found":
		return ended{code: "shut out"}
	}
	return ended{a.Status, a.Code()}
}

// round lets moves collide and returns what was wrong with it; "" where nothing was.
func (c *contest) round(moves []move) string {
	before := c.look()
	ready := c.prepareAll(moves)
	answers := make([]*servertest.Answer, len(moves))
	var calls []func() error
	for i := range ready {
		calls = append(calls, func() error {
			answers[i] = ready[i].do()
			return nil
		})
	}
	atOnce(calls...)
	after := c.look()
	seen, problem := c.records(answers)
	switch {
	case problem != "":
		return fmt.Sprintf("%s\n%s", tellMoves(moves, answers), problem)
	case c.wrong(after) != "":
		return fmt.Sprintf("%s\n%s\nbefore:\n%s\nafter:\n%s", tellMoves(moves, answers), c.wrong(after), c.tell(before), c.tell(after))
	}
	var ends []ended
	for _, a := range answers {
		ends = append(ends, endOf(a))
	}
	for i, order := range ordersOf(seen, ends) {
		if i > 0 {
			c.retell()
		}
		problem = c.replay(moves, order, ends)
		if problem == "" {
			problem = differing(c.tell(after), c.twin.tell(c.twin.look()))
		}
		if problem == "" {
			c.history = append(c.history, told{moves, order})
			return ""
		}
	}
	return fmt.Sprintf("in no order %s\nthe last one tried: %s\nbefore:\n%s\nafter:\n%s", tellMoves(moves, answers), problem, c.tell(before), c.tell(after))
}

// retell makes a new twin and tells it what has happened so far.
func (c *contest) retell() {
	c.twins++
	c.twin = c.fresh(c.twins)
	for _, h := range c.history {
		ready := c.twin.prepareAll(h.moves)
		for _, i := range h.order {
			ready[i].do()
		}
		c.twin.look() // and learns what new things are called
	}
}

// replay lets the twin do the moves one after the other, and says what is wrong with that.
func (c *contest) replay(moves []move, order []int, ends []ended) string {
	ready := c.twin.prepareAll(moves)
	before := c.twin.look()
	for _, i := range order {
		a := ready[i].do()
		after := c.twin.look()
		switch got := endOf(a); {
		case got != ends[i]:
			return fmt.Sprintf("%+v ends with %v and not with %v", moves[i], got, ends[i])
		case a.Status >= 400:
			if d := differing(c.twin.tell(before), c.twin.tell(after)); d != "" {
				return "what was refused has changed something: " + d
			}
		default:
			if problem := c.twin.unfair(before, after, ready[i].by.User.ID); problem != "" {
				return problem
			}
		}
		before = after
	}
	return ""
}

func (r *rivals) prepareAll(moves []move) (ready []prepared) {
	for _, m := range moves {
		ready = append(ready, r.prepare(m))
	}
	return ready
}

func differing(a, b string) string {
	if a == b {
		return ""
	}
	return "one after the other:\n" + b
}

func tellMoves(moves []move, answers []*servertest.Answer) (text string) {
	for i, m := range moves {
		text += fmt.Sprintf("\n%s: %s %s %s → %d %s", m.by, m.method, m.path, m.body, answers[i].Status, answers[i].Code())
	}
	return text
}

// ordersOf are all orders of the moves, that one first which the versions tell that they have seen.
func ordersOf(seen []int64, ends []ended) [][]int {
	var orders [][]int
	var add func(order []int)
	add = func(order []int) {
		if len(order) == len(seen) {
			orders = append(orders, slices.Clone(order))
			return
		}
		for i := range seen {
			if !slices.Contains(order, i) {
				add(append(order, i))
			}
		}
	}
	add(nil)
	rank := func(i int) int64 { // a refusal at the version that a change was about to make came before it
		if ends[i].code == "" {
			return 2*seen[i] + 1
		}
		return 2 * seen[i]
	}
	slices.SortStableFunc(orders, func(a, b []int) int {
		return slices.CompareFunc(a, b, func(i, j int) int { return int(rank(i) - rank(j)) })
	})
	return orders
}
