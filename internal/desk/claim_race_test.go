package desk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// atOnce sends the requests together and returns the answers in their order.
func atOnce(calls ...func() *servertest.Answer) []*servertest.Answer {
	answers := make([]*servertest.Answer, len(calls))
	done := make(chan struct{})
	for i, call := range calls {
		go func() {
			answers[i] = call()
			done <- struct{}{}
		}()
	}
	for range calls {
		<-done
	}
	return answers
}

// rounds is how often a race is run.
const rounds = 20

func TestOfTwoTakesAtOnceOneWinsAndTheOtherLearnsWho(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for range rounds {
			c := o.asks(o.asZoe)
			take := func(by *servertest.Client) func() *servertest.Answer {
				return func() *servertest.Answer { return by.Do("POST", c.path("take"), nil, "If-Match", c.etag) }
			}
			answers := atOnce(take(o.asAnn), take(o.asBen))
			winner, loser := "ann", answers[1]
			if answers[0].Status != 200 {
				winner, loser = "ben", answers[0]
			}
			if detail := loser.Refused(409, "already_assigned").String("detail"); !strings.HasPrefix(detail, winner+" ") {
				t.Errorf("%s won, the other is told %q", winner, detail)
			}
			if got := o.root.Do("GET", c.path(""), nil).String("assignee", "name"); got != winner {
				t.Errorf("%s won and %s holds it", winner, got)
			}
		}
		o.mustBeSound()
	})
}

// Taking, assigning and leaving at once: one of them is done.
func TestOfTakeAssignAndLeaveAtOnceOneIsDone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for range rounds {
			c := o.asks(o.asZoe)
			do := func(by *servertest.Client, what string, body any) func() *servertest.Answer {
				return func() *servertest.Answer { return by.Do("POST", c.path(what), body, "If-Match", c.etag) }
			}
			answers := atOnce(do(o.asAnn, "take", nil), do(o.asLea, "assign", toBen(o)), do(o.asZoe, "leave", nil))
			var done []int
			for i, a := range answers {
				switch {
				case a.Status == 200:
					done = append(done, i)
				case i == 0 && slices.Contains([]string{"already_assigned", "not_found"}, a.Code()): // Ann sees it no more
				default:
					a.Refused(412, "stale_version")
				}
			}
			if len(done) != 1 {
				t.Errorf("done: %v", done)
			}
			state := o.root.Do("GET", c.path(""), nil).Expect(200).String("state")
			if want := []string{"active", "active", "abandoned"}; len(done) == 1 && state != want[done[0]] {
				t.Errorf("%v was done, and it is %s", done, state)
			}
		}
		o.mustBeSound()
	})
}

// Conversations change hands between two agents in both directions at once: nobody waits for the other for
// ever, and no slot is lost.
func TestTransfersAcrossAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for range rounds {
			one, other := o.asks(o.asZoe), o.asks(o.asZoe)
			one.does(o.asAnn, "take", nil).Expect(200)
			other.does(o.asBen, "take", nil).Expect(200)
			for _, a := range atOnce(
				func() *servertest.Answer { return one.does(o.asAnn, "transfer", toBen(o)) },
				func() *servertest.Answer { return other.does(o.asBen, "transfer", object{"agent": o.ann.ID}) },
			) {
				a.Expect(200)
			}
			one.does(o.asBen, "resolve", nil).Expect(200)
			other.does(o.asAnn, "resolve", nil).Expect(200)
		}
		o.mustBeSound()
	})
}
