package desk_test

import (
	"testing"

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
	write(t, s, o.ID, func(tx *store.Tx) error { // skills send to the department
		_, err := tx.Exec(t.Context(), `UPDATE desk_settings SET fallback_department_id = $2 WHERE tenant_id = $1`, o.help)
		return err
	})
	return o
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
