package desk_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// known is what the test knows of a conversation.
type known struct {
	id, requester, assignee, department, skill, state string
	tagged                                            bool
}

// gallery is an office with conversations of all kinds, and Max, who asked some and worked on some.
type gallery struct {
	*office
	below string // a department below help
	wide  string // one with so many below it that nobody asks for each of them by itself
	deep  string // one of those
	tag   string
	max   *servertest.User
	asMax *servertest.Client
	all   []known
}

func newGallery(t *testing.T, s *servertest.Server) *gallery {
	g := &gallery{office: newOffice(t, s)}
	g.below = g.NewDepartment("Below", g.help)
	g.wide = g.NewDepartment("Wide", "")
	for i := range 21 {
		g.deep = g.NewDepartment(fmt.Sprint("Deep ", i), g.wide)
	}
	g.max = g.NewUser("max", nil, "agent")
	g.max.Online(100)
	g.asMax = g.max.SignIn()
	g.tag = "urgent"
	write(t, s, g.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO tags (tenant_id, id, name, name_key, version, created_at, updated_at)
			VALUES ($1, $2, $2, $2, 1, 0, 0)`, g.tag)
		return err
	})
	skills := map[string]string{}
	for _, d := range []string{g.help, g.other, g.below, g.deep} {
		skills[d] = g.root.Do("POST", "/v1/skills", object{"name": "for " + d, "department": d}).Expect(201).String("id")
	}
	for i, state := range []string{"queued", "active", "parked", "resolved"} {
		for j, d := range []string{g.help, g.other, g.below, g.deep} {
			g.add(known{requester: g.max.ID, assignee: g.ann.ID, department: d, skill: skills[d], state: state, tagged: (i+j)%2 == 0})
			g.add(known{requester: g.zoe.ID, assignee: g.ben.ID, department: d, skill: skills[d], state: state, tagged: (i+j)%2 == 1})
			if state == "parked" || state == "resolved" { // which stay Max's whatever Max may do
				g.add(known{requester: g.zoe.ID, assignee: g.max.ID, department: d, skill: skills[d], state: state})
			}
		}
	}
	return g
}

// add makes a conversation, as Root does.
func (g *gallery) add(k known) {
	g.t.Helper()
	a := g.root.Do("POST", "/v1/conversations", object{"skill": k.skill, "subject": "It", "text": "It.", "requester": k.requester}).Expect(201)
	c := &conversation{t: g.t, id: a.String("id"), etag: a.ETag()}
	if k.tagged {
		c.etag = g.root.Do("PATCH", c.path(""), object{"tags": []string{g.tag}}, "If-Match", c.etag).Expect(200).ETag()
	}
	if k.state == "queued" {
		k.assignee = ""
	} else {
		c.does(g.root, "assign", object{"agent": k.assignee}).Expect(200)
	}
	switch k.state {
	case "parked":
		c.does(g.root, "park", object{}).Expect(200)
	case "resolved":
		c.does(g.root, "resolve", nil).Expect(200)
	}
	k.id = c.id
	g.all = append(g.all, k)
}

func (k *known) object(tenant string) *access.Object {
	return &access.Object{
		Tenant: tenant, Resource: "conversation", ID: k.id, Owners: []string{k.requester}, Assignee: k.assignee,
		Assignable: k.state == "queued", Departments: []string{k.department},
	}
}

// Whatever Max may read, the list, its pages, the counts and the conversation itself show the same, and it is
// what package access says; and each shows Max's own requests with the requester's face.
func TestListCountsAndDetailAgree(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := newGallery(t, s)
		servertest.Fewer(t, 3)
		rapid.Check(t, func(rt *rapid.T) {
			g.grant(rt)
			f := g.filter(rt)
			var want []string
			for _, k := range g.all {
				allowed := g.allows(rt, &k)
				if allowed && f.holds(g, &k) {
					want = append(want, k.id+g.face(&k))
				}
			}
			for _, k := range rapid.SliceOfN(rapid.SampledFrom(g.all), 8, 8).Draw(rt, "looked at") {
				g.compareDetail(rt, &k, g.allows(rt, &k))
			}
			slices.Sort(want)
			listed := g.list(rt, f.query)
			if !slices.Equal(listed, want) {
				rt.Errorf("with %q Max is listed %v, want %v", f.query.Encode(), listed, want)
			}
			g.compareCounts(rt, f.query, len(want))
		})
	})
}

// grant gives Max random permissions in random departments.
func (g *gallery) grant(rt *rapid.T) {
	some := func(from []string, most int, name string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, most, rapid.ID[string]).Draw(rt, name)
	}
	permissions := some([]string{"conversation:read:own", "conversation:read:unassigned", "conversation:read:department", "conversation:read:all", "conversation:update:all"}, 2, "permissions")
	departments := some([]string{g.help, g.other, g.below, g.wide}, 4, "departments")
	a := g.root.Do("GET", "/v1/users/"+g.max.ID, nil).Expect(200)
	a = g.root.Do("PATCH", "/v1/users/"+g.max.ID, object{"departments": departments}, "If-Match", a.ETag()).Expect(200)
	g.root.Do("PUT", "/v1/users/"+g.max.ID+"/permission-list", object{"permission_list": permissions}, "If-Match", a.ETag()).Expect(200)
}

// allows asks package access, in two ways.
func (g *gallery) allows(rt *rapid.T, k *known) bool {
	compiled, err := g.s.Policy.Latest(g.t.Context(), g.ID)
	if err != nil {
		rt.Fatal(err)
	}
	subject, _ := compiled.Subject(g.max.ID)
	read := compiled.Catalogue().MustOperation("conversation", "read")
	o, now := k.object(g.ID), g.s.DB.Now()
	allow := subject.Check(read, o, now).Allow
	if explained := subject.Explain(read, o, now); explained.Allow != allow {
		rt.Errorf("check says %t, explain %+v", allow, explained)
	}
	return allow
}

func (g *gallery) face(k *known) string {
	if k.requester == g.max.ID {
		return " requester"
	}
	return " agent"
}

// compareDetail reads one conversation.
func (g *gallery) compareDetail(rt *rapid.T, k *known, allowed bool) {
	a := g.asMax.Do("GET", "/v1/conversations/"+k.id, nil)
	switch {
	case !allowed && (a.Status != 404 && a.Code() != "no_permission"):
		rt.Errorf("what Max may not read is answered %d %s", a.Status, a.Body)
	case allowed && (a.Status != 200 || " "+a.String("face") != g.face(k) || a.String("state") != k.state):
		rt.Errorf("Max may read %+v and is answered %d %s", k, a.Status, a.Body)
	}
}

// list turns all pages, on which the latest come first, into ids with faces, sorted.
func (g *gallery) list(rt *rapid.T, query url.Values) (listed []string) {
	query.Set("limit", "4")
	var last time.Time
	for {
		a := g.asMax.Do("GET", "/v1/conversations?"+query.Encode(), nil)
		if a.Code() == "no_permission" {
			return nil
		}
		var page struct {
			Items []struct {
				ID, Face string
				Updated  time.Time `json:"updated_at"`
			}
			Next string
		}
		a.Expect(200).Into(&page)
		for _, item := range page.Items {
			listed = append(listed, item.ID+" "+item.Face)
			if !last.IsZero() && item.Updated.After(last) {
				rt.Errorf("with %q what changed at %s comes after what did at %s", query.Encode(), item.Updated, last)
			}
			last = item.Updated
		}
		if page.Next == "" {
			slices.Sort(listed)
			return listed
		}
		query.Set("cursor", page.Next)
	}
}

func (g *gallery) compareCounts(rt *rapid.T, query url.Values, want int) {
	query.Del("limit")
	query.Del("cursor")
	query.Del("order")
	a := g.asMax.Do("GET", "/v1/conversations/counts?"+query.Encode(), nil)
	if a.Code() == "no_permission" {
		a.Expect(403)
		return
	}
	sum := 0.0
	for _, state := range states {
		n, _ := a.Expect(200).Value(state).(float64)
		sum += n
	}
	if got := a.Value("all"); got != float64(want) || sum != float64(want) {
		rt.Errorf("with %q %v are counted, and %v by state; the list holds %d", query.Encode(), got, sum, want)
	}
}

// filter is what a list is narrowed by, for the program and for the test.
type filter struct {
	query url.Values
	holds func(g *gallery, k *known) bool
}

func (g *gallery) filter(rt *rapid.T) filter {
	others := func(f func(k *known) bool) func(*gallery, *known) bool {
		return func(g *gallery, k *known) bool { return k.requester != g.max.ID && f(k) }
	}
	filters := []filter{
		{url.Values{}, func(*gallery, *known) bool { return true }},
		{url.Values{"state": {"queued,parked"}}, func(_ *gallery, k *known) bool { return k.state == "queued" || k.state == "parked" }},
		{url.Values{"requester": {"me"}}, func(g *gallery, k *known) bool { return k.requester == g.max.ID }},
		{url.Values{"assignee": {"me"}}, func(g *gallery, k *known) bool { return k.assignee == g.max.ID }},
		{url.Values{"assignee": {g.ann.ID}}, func(g *gallery, k *known) bool { return k.assignee == g.ann.ID }},
		{url.Values{"department": {g.help}}, others(func(k *known) bool { return k.department == g.help || k.department == g.below })},
		{url.Values{"tag": {g.tag}}, others(func(k *known) bool { return k.tagged })},
		{url.Values{"q": {"it"}}, func(*gallery, *known) bool { return true }},
		{url.Values{"q": {"nothing"}}, func(*gallery, *known) bool { return false }},
	}
	f := filters[rapid.IntRange(0, len(filters)-1).Draw(rt, "filter")]
	return f
}

func TestConversationsAreFoundByNumberAndWords(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		c := o.asks(o.asZoe)
		o.asks(o.asZoe).does(o.asAnn, "take", nil).Expect(200)
		c.does(o.asAnn, "take", nil).Expect(200)
		o.asAnn.Do("POST", c.path("messages"), object{"kind": "note", "text": "probably the router"}).Expect(201)
		for query, want := range map[string]int{
			"#1001": 1, "1001": 1, " #1001 ": 1, "#1": 0, "network": 2, "NETW": 2, "gone network": 2, "network 1001": 0, "#network": 0, "router": 1, "%": 0,
		} {
			if got := len(items(o.asAnn.Do("GET", "/v1/conversations?q="+url.QueryEscape(query), nil))); got != want {
				t.Errorf("%q finds %d, want %d", query, got, want)
			}
		}
		for _, hidden := range []string{"q=router", "department=" + o.help, "order=waiting"} {
			if got := len(items(o.asZoe.Do("GET", "/v1/conversations?"+hidden, nil))); got != 0 {
				t.Errorf("the requester finds %d by %s, which they do not see", got, hidden)
			}
		}
		for _, wrong := range []string{"state=open", "state=queued,", "order=age", "cursor=x"} {
			o.asAnn.Do("GET", "/v1/conversations?"+wrong, nil).Expect(422)
		}
	})
}

func TestTheLongestWaitingComeFirst(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for i, priority := range []int{0, 2, 0, 1} { // a minute each, which the second and the last gain
			o.root.Do("POST", "/v1/conversations", object{
				"skill": "network", "subject": fmt.Sprint(i), "text": "?", "requester": o.zoe.ID, "priority": priority,
			}).Expect(201)
		}
		write(t, s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE conversations SET queued_at = $2 + number * 1000000 WHERE tenant_id = $1`, tx.Now.UnixMicro())
			return err
		})
		order, cursor := "", ""
		for {
			a := o.asAnn.Do("GET", "/v1/conversations?order=waiting&limit=1"+cursor, nil)
			order += items(a)[0].(object)["subject"].(string)
			if a.Value("next") == nil {
				break
			}
			cursor = "&cursor=" + a.String("next")
		}
		if order != "1302" {
			t.Errorf("the order is %s", order)
		}
		var behind []any
		for _, item := range items(o.asZoe.Do("GET", "/v1/conversations", nil)) {
			behind = append(behind, item.(object)["subject"], item.(object)["position"])
		}
		if got := fmt.Sprint(behind); got != "[3 1 2 3 1 0 0 2]" {
			t.Errorf("the requester sees positions %s", got)
		}
	})
}

// Nobody is told exactly that 1,200 are before them, and a page costs the same however many those are.
func TestALongQueueIsCountedUpToABound(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		ask := func(subject string, requester *servertest.User) {
			o.root.Do("POST", "/v1/conversations", object{"skill": "network", "subject": subject, "text": "?", "requester": requester.ID}).Expect(201)
		}
		ask("first", o.zoe)
		write(t, s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `
				WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 1200)
				INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, skill_id, priority, subject, state, queued_at, enqueued_at,
					asked_at, cycle, last_seq, public_seq, version, created_at, updated_at, noticed_at)
				SELECT $1, c.id || '-' || more.n, c.number + more.n, c.requester_id, c.created_by, c.skill_id, c.priority, 'between', c.state,
					c.queued_at + more.n, c.enqueued_at, c.asked_at, c.cycle, 0, 0, c.version, c.created_at, c.updated_at - more.n, c.noticed_at - more.n
				FROM conversations c CROSS JOIN more
				WHERE c.tenant_id = $1`)
			return err
		})
		write(t, s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE desk_positions SET last = 9000 WHERE tenant_id = $1 AND stream = 'number'")
			return err
		})
		s.Clock.Advance(time.Minute)
		ask("last", o.ann)
		for search, position := range map[string]float64{"first": 0, "last": 1000} {
			found := items(o.root.Do("GET", "/v1/conversations?q="+search, nil))
			if len(found) != 1 || found[0].(object)["position"] != position {
				t.Errorf("%s stands at %v", search, found)
			}
		}
	})
}
