package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// shownTo is everything that a requester is answered about their requests, and about this one.
func (o *office) shownTo(c *servertest.Client, of *conversation) string {
	o.t.Helper()
	var all strings.Builder
	show := func(a *servertest.Answer) *servertest.Answer {
		fmt.Fprintln(&all, a.Status, a.ETag(), a.Code())
		if a.Code() == "" {
			fmt.Fprintln(&all, string(a.Body))
		} else {
			fmt.Fprintln(&all, a.String("detail"))
		}
		return a
	}
	for _, path := range []string{
		of.path(""), of.path("messages"), of.path("tenures"), of.path("transcript"), "/v1/conversations/counts", "/v1/conversations/counts?q=network",
		"/v1/conversations", "/v1/conversations?requester=me", "/v1/conversations?q=network", "/v1/conversations?state=queued,active,on_hold,parked",
		"/v1/events?stream=mine&after=mine:0&wait=0", fmt.Sprintf("/v1/events?stream=conversation/%s&after=conversation/%s:0&wait=0", of.id, of.id),
	} {
		show(c.Do("GET", path, nil))
	}
	for cursor, next := "", ""; ; cursor = "&cursor=" + next {
		a := c.Do("GET", "/v1/conversations?limit=1"+cursor, nil).Expect(200)
		fmt.Fprintln(&all, items(a))
		if next, _ = a.Value("next").(string); next == "" {
			break
		}
	}
	for _, what := range []string{"resolve", "reopen", "leave", "take"} { // refused, with the version that stands
		show(c.Do("POST", of.path(what), nil, "If-Match", `"99"`))
	}
	return all.String()
}

// hidden does everything with a conversation that its requester may not notice.
func (o *office) hidden(c *conversation) {
	o.t.Helper()
	version := func() string { return o.asLea.Do("GET", c.path(""), nil).Expect(200).ETag() }
	for i, do := range []func(){
		func() {
			o.asLea.Do("POST", c.path("messages"), object{"kind": "note", "text": "The network director."}).Expect(201)
		},
		func() { o.root.Do("PATCH", c.path(""), object{"priority": 3}, "If-Match", version()).Expect(200) },
		func() {
			o.root.Do("PATCH", c.path(""), object{"tags": []string{"vip"}}, "If-Match", version()).Expect(200)
		},
		func() {
			o.root.Do("PATCH", c.path(""), object{"tags": []string{}, "priority": 1}, "If-Match", version()).Expect(200)
		},
	} {
		o.s.Clock.Advance(time.Duration(i+1) * time.Second)
		do()
	}
}

// Whatever is changed behind a requester, all that they can ask for is what it was: what they read, where it
// stands in their lists, what they are told, and which version they name.
func TestARequesterNoticesNothingThatIsHidden(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		s.Clock.Stop()
		o.exec(`INSERT INTO tags (tenant_id, id, name, name_key, version, created_at, updated_at) VALUES ($1, 'vip', 'VIP', 'vip', 1, 0, 0)`)
		for state, next := range map[string]string{"queued": "leave", "active": "resolve", "on_hold": "resolve", "parked": "resolve", "resolved": "reopen"} {
			c := o.in(state)
			s.Clock.Advance(time.Second)
			o.in("resolved") // the later one stays the later one
			etag := o.asZoe.Do("GET", c.path(""), nil).ETag()
			before, stood := o.shownTo(o.asZoe, c), o.asLea.Do("GET", c.path(""), nil).Expect(200)
			o.hidden(c)
			if after := o.shownTo(o.asZoe, c); after != before {
				t.Errorf("%s: the requester was shown\n%s\nand then\n%s", state, before, after)
			}
			stands := o.asLea.Do("GET", c.path(""), nil).Expect(200)
			if stands.ETag() == stood.ETag() || stands.String("updated_at") <= stood.String("updated_at") {
				t.Errorf("%s: nothing has changed for those who work on it: %s", state, stands.Body)
			}
			o.asZoe.Do("POST", c.path(next), nil, "If-Match", api.ETag(c.version()+1)).Refused(412, "stale_version")
			o.asZoe.Do("POST", c.path(next), nil, "If-Match", etag).Expect(200)
			o.asZoe.Do("POST", c.path(next), nil, "If-Match", etag).Refused(412, "stale_version")
		}
	})
}

// Who asks and leads besides is shown their own requests in the same list, and there too in the place in which
// they noticed them last.
func TestAHiddenChangeMovesNothingInAListOfOwnAndOthers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		s.Clock.Stop()
		o.exec(`INSERT INTO tags (tenant_id, id, name, name_key, version, created_at, updated_at) VALUES ($1, 'vip', 'VIP', 'vip', 1, 0, 0)`)
		var list []string
		var hers []*conversation
		for i := range 5 {
			s.Clock.Advance(time.Second)
			by := []*servertest.Client{o.asLea, o.asZoe}[i%2]
			c := o.asks(by)
			if by == o.asLea {
				c.does(o.asAnn, "take", nil).Expect(200)
				hers = append(hers, c)
			}
			list = append([]string{c.id}, list...)
		}
		for _, c := range hers {
			s.Clock.Advance(time.Second)
			o.root.Do("PATCH", c.path(""), object{"tags": []string{"vip"}}, "If-Match", c.etag).Expect(200)
		}
		if got := o.listed(o.asLea); fmt.Sprint(got) != fmt.Sprint(list) {
			t.Errorf("the list is %v, want %v", got, list)
		}
		if got := o.listed(o.root); got[0] != hers[2].id || got[1] != hers[1].id || got[2] != hers[0].id {
			t.Errorf("for who asked none of them, the list is %v", got)
		}
	})
}

// listed are the ids of a list, page by page.
func (o *office) listed(c *servertest.Client) (ids []string) {
	o.t.Helper()
	for cursor, next := "", ""; ; cursor = "&cursor=" + next {
		a := c.Do("GET", "/v1/conversations?limit=2"+cursor, nil).Expect(200)
		for _, item := range items(a) {
			ids = append(ids, item.(object)["id"].(string))
		}
		if next, _ = a.Value("next").(string); next == "" {
			return ids
		}
	}
}

// exec changes the tables around the program.
func (o *office) exec(query string, args ...any) {
	o.t.Helper()
	write(o.t, o.s, o.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(o.t.Context(), query, args...)
		return err
	})
}
