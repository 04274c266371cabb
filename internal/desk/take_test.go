package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Who was beaten to a conversation is told by whom, for a minute. After that it is as if there were none.
func TestWhoHoldsAConversationIsToldForAMinute(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		s.Clock.Stop()
		c := o.asks(o.asZoe)
		seen := c.etag
		c.does(o.asAnn, "take", nil).Expect(200)
		take := func(id string) *servertest.Answer {
			return o.asBen.Do("POST", "/v1/conversations/"+id+"/take", nil, "If-Match", seen)
		}
		s.Clock.Advance(time.Minute - time.Microsecond)
		if detail := take(c.id).Refused(409, "already_assigned").String("detail"); !strings.HasPrefix(detail, "ann ") {
			t.Errorf("whoever was beaten is told %q", detail)
		}
		s.Clock.Advance(time.Microsecond)
		late, none := take(c.id).Refused(404, "not_found"), take("none").Refused(404, "not_found")
		if late.Value("detail") != none.Value("detail") || late.ETag() != none.ETag() {
			t.Errorf("later they are told %s, and of what there is not %s", late.Body, none.Body)
		}
	})
}
