package desk_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Whoever waits for a conversation has begun before what they wait for, and clocks of two nodes differ: what is
// done to it later never seems to have been done earlier.
func TestTimeDoesNotGoBackForAConversation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		c := o.asks(o.asZoe)
		s.Clock.Stop()
		c.does(o.asAnn, "take", nil).Expect(200)
		s.Clock.Advance(-3 * time.Second)
		c.does(o.asAnn, "transfer", object{"department": o.help}).Expect(200)
		s.Clock.Advance(-3 * time.Second)
		c.etag = o.root.Do("GET", c.path(""), nil).Expect(200).ETag()
		c.does(o.asBen, "take", nil).Expect(200)

		var ended time.Time
		held := items(o.asLea.Do("GET", c.path("tenures"), nil))
		if len(held) != 2 {
			t.Fatalf("%d tenures", len(held))
		}
		for _, tenure := range []object{held[0].(object), held[1].(object)} {
			started := instantOf(t, tenure["started_at"])
			if started.Before(ended) {
				t.Errorf("somebody holds it from %s on, and somebody else until %s", started, ended)
			}
			if text, over := tenure["ended_at"].(string); over {
				ended = instantOf(t, text)
			}
			if ended.Before(started) && tenure["ended_at"] != nil {
				t.Errorf("held from %s until %s", started, ended)
			}
		}
	})
}

func instantOf(t *testing.T, value any) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, value.(string))
	if err != nil {
		t.Fatal(err)
	}
	return at
}
