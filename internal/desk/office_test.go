package desk_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// office is a tenant with a desk: two departments, and people who ask, work, lead and look on.
type office struct {
	*servertest.Tenant
	t     *testing.T
	s     *servertest.Server
	help  string // a department, which ann, ben and lea are in
	other string // another

	ann, ben                         *servertest.User // agents
	zoe                              *servertest.User // asks
	asZoe, asAnn, asBen, asLea, root *servertest.Client
}

func newOffice(t *testing.T, s *servertest.Server) *office {
	t.Helper()
	o := &office{Tenant: s.NewTenant("acme", "it-desk"), t: t, s: s}
	o.help, o.other = o.NewDepartment("Help", ""), o.NewDepartment("Other", "")
	o.ann, o.ben, o.zoe = o.NewUser("ann", []string{o.help}, "agent"), o.NewUser("ben", []string{o.help}, "agent"), o.NewUser("zoe", nil, "user")
	o.asAnn, o.asBen, o.asZoe = o.ann.SignIn(), o.ben.SignIn(), o.zoe.SignIn()
	o.asLea = o.NewUser("lea", []string{o.help}, "team_lead").SignIn()
	o.root = o.NewUser("root", nil, "admin").SignIn()
	for _, c := range []*servertest.Client{o.asAnn, o.asBen, o.asLea, o.root} {
		c.User.Online(100)
	}
	o.set("fallback_department_id = $2", o.help)
	// Dispatch leaves these people alone: none of them has a skill.
	o.set("preferred_seconds = 0, relax_seconds = 86400, overflow_seconds = 86400, open_seconds = 86400")
	return o
}

// set changes the desk's settings.
func (o *office) set(what string, args ...any) {
	o.t.Helper()
	write(o.t, o.s, o.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(o.t.Context(), `UPDATE desk_settings SET `+what+` WHERE tenant_id = $1`, args...)
		return err
	})
}

// prefer has agents go first whom dispatch does not see, because nobody is connected.
func (o *office) prefer() {
	o.t.Helper()
	o.set("preferred_seconds = 30")
	write(o.t, o.s, o.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(o.t.Context(), `DELETE FROM presences WHERE tenant_id = $1`)
		return err
	})
}

// conversation is one as somebody sees it.
type conversation struct {
	t    *testing.T
	id   string
	etag string
}

// asks has somebody ask something.
func (o *office) asks(c *servertest.Client) *conversation {
	o.t.Helper()
	a := c.Do("POST", "/v1/conversations", object{"skill": "network", "subject": "No network", "text": "It is gone."}).Expect(201)
	return &conversation{t: o.t, id: a.String("id"), etag: a.ETag()}
}

func (c *conversation) path(what string) string {
	if what == "" {
		return "/v1/conversations/" + c.id
	}
	return "/v1/conversations/" + c.id + "/" + what
}

// does has somebody do something with the conversation in the version that is known.
func (c *conversation) does(by *servertest.Client, what string, body any) *servertest.Answer {
	c.t.Helper()
	a := by.Do("POST", c.path(what), body, "If-Match", c.etag)
	if a.Status == 200 {
		c.etag = a.ETag()
	}
	return a
}

// version is the one that is known.
func (c *conversation) version() int64 {
	v, err := api.IfMatch{IfMatch: c.etag}.Version()
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}
