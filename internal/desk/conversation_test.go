package desk_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestAnEmployeeAsksAndAnAgentHelps(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		c := o.asks(o.asZoe)
		seen := o.asZoe.Do("GET", c.path(""), nil).Expect(200)
		if seen.String("face") != "requester" || seen.String("state") != "queued" || seen.Value("number") != 1001.0 || seen.Value("position") != 0.0 {
			t.Errorf("the requester sees %s", seen.Body)
		}
		if got := seen.String("last_message", "text"); got != "It is gone." {
			t.Errorf("said last: %q", got)
		}
		taken := c.does(o.asAnn, "take", nil).Expect(200)
		if taken.String("assignee", "name") != "ann" || taken.String("face") != "agent" || taken.String("department", "name") != "Help" {
			t.Errorf("the agent sees %s", taken.Body)
		}
		o.asBen.Do("GET", c.path(""), nil).Refused(404, "not_found")
		done := c.does(o.asAnn, "resolve", nil).Expect(200)
		if done.String("state") != "resolved" || done.Value("assignee") != nil || done.String("last_assignee", "name") != "ann" {
			t.Errorf("resolved: %s", done.Body)
		}
		if n := len(items(o.asZoe.Do("GET", "/v1/conversations?state=resolved,closed&requester=me", nil))); n != 1 {
			t.Errorf("the requester lists %d", n)
		}
	})
}

func items(a *servertest.Answer) []any {
	list, _ := a.Expect(200).Value("items").([]any)
	return list
}
