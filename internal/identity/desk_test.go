package identity_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// desk is a tenant with an administrator, departments (support with phone below it, and sales), and
// somebody in each.
type desk struct {
	*servertest.Tenant
	t                     *testing.T
	s                     *servertest.Server
	admin                 *servertest.Client
	root, ann, bob, eve   *servertest.User // ann in support, bob in phone, eve in sales
	support, phone, sales string
}

func newDesk(t *testing.T, s *servertest.Server) *desk {
	d := &desk{Tenant: s.NewTenant("acme", "it-desk"), t: t, s: s}
	d.support = d.NewDepartment("Support", "")
	d.phone = d.NewDepartment("Phone", d.support)
	d.sales = d.NewDepartment("Sales", "")
	d.root = d.NewUser("root", nil, "admin")
	d.ann = d.NewUser("Ann", []string{d.support}, "agent")
	d.bob = d.NewUser("Bob", []string{d.phone}, "user")
	d.eve = d.NewUser("Eve", []string{d.sales}, "user")
	d.admin = d.root.SignIn()
	return d
}

// somebody signs in a new user in these departments whose role holds the permissions.
func (d *desk) somebody(username string, departments []string, permissions ...string) *servertest.Client {
	d.t.Helper()
	d.admin.Do("POST", "/v1/roles", map[string]any{"name": "role_of_" + username, "permissions": permissions}).Expect(201)
	return d.NewUser(username, departments, "role_of_"+username).SignIn()
}

func (d *desk) read(id string) *servertest.Answer {
	d.t.Helper()
	return d.admin.Do("GET", "/v1/users/"+id, nil).Expect(200)
}

// patch sends a change in the version that stands.
func (d *desk) patch(c *servertest.Client, id string, body any) *servertest.Answer {
	d.t.Helper()
	return c.Do("PATCH", "/v1/users/"+id, body, "If-Match", d.read(id).ETag())
}

func (d *desk) delete(c *servertest.Client, id string) *servertest.Answer {
	d.t.Helper()
	return c.Do("DELETE", "/v1/users/"+id, nil, "If-Match", d.read(id).ETag())
}

// items are the names on a page, in order.
func items(a *servertest.Answer) []string {
	var page struct{ Items []struct{ Name string } }
	a.Expect(200).Into(&page)
	list := []string{}
	for _, item := range page.Items {
		list = append(list, item.Name)
	}
	return list
}

// texts is a list of strings in an answer.
func texts(a *servertest.Answer, path ...string) []string {
	list := []string{}
	values, _ := a.Value(path...).([]any)
	for _, v := range values {
		text, _ := v.(string)
		list = append(list, text)
	}
	return list
}

func same(got []string, want ...string) bool { return slices.Equal(got, want) }
