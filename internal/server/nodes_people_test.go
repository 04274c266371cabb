package server_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// person is somebody who is signed in and known to every node.
type person struct {
	user *servertest.User
	*servertest.Client
	nodes *nodes
}

func (n *nodes) person(t *testing.T, name string) *person {
	t.Helper()
	u := n.acme.NewUser(strings.ReplaceAll(name, " ", "-"), nil, "team_lead")
	p := &person{u, u.SignIn(), n}
	p.served(t)
	return p
}

// served fails the test unless every node serves the person.
func (p *person) served(t *testing.T) {
	t.Helper()
	for _, node := range p.nodes.all {
		p.At(node).Do("GET", "/v1/departments", nil).Expect(200)
	}
}

// refusedAt tells whether a node refuses the person, and fails the test when it does so in another way
// than the cause brings with it.
func (p *person) refusedAt(node *servertest.Server, c cause) bool {
	answer := p.At(node).Do("GET", "/v1/departments", nil)
	if answer.Status == 200 {
		return false
	}
	answer.Refused(c.status, c.code)
	return true
}

// refused fails the test unless every node refuses the person.
func (p *person) refused(t *testing.T, c cause) {
	t.Helper()
	for i, node := range p.nodes.all {
		if !p.refusedAt(node, c) {
			t.Errorf("node %d serves %s", i+1, p.user.Username)
		}
	}
}

// cause takes something away from a person, and what they get to hear then.
type cause struct {
	take   func(t *testing.T, p *person, admin *servertest.Client)
	status int
	code   string
}

// causes are what must be obeyed everywhere.
var causes = map[string]cause{
	"signs out": {func(_ *testing.T, p *person, _ *servertest.Client) {
		p.Do("POST", "/v1/auth/logout", nil).Expect(204)
	}, 401, "session_ended"},
	"is signed out": {func(t *testing.T, p *person, admin *servertest.Client) {
		sessions, _ := admin.Do("GET", "/v1/users/"+p.user.ID+"/sessions", nil).Expect(200).Value("items").([]any)
		if len(sessions) != 1 {
			t.Fatalf("has %d sessions", len(sessions))
		}
		id, _ := sessions[0].(object)["id"].(string)
		admin.Do("DELETE", "/v1/users/"+p.user.ID+"/sessions/"+id, nil).Expect(204)
	}, 401, "session_ended"},
	"is signed out everywhere": {func(_ *testing.T, p *person, admin *servertest.Client) {
		admin.Do("DELETE", "/v1/users/"+p.user.ID+"/sessions", nil).Expect(204)
	}, 401, "session_ended"},
	"signs out everywhere else": {func(_ *testing.T, p *person, _ *servertest.Client) {
		p.user.SignIn().Do("DELETE", "/v1/me/sessions", nil).Expect(204)
	}, 401, "session_ended"},
	"changes the password": {func(_ *testing.T, p *person, _ *servertest.Client) {
		p.user.SignIn().Do("POST", "/v1/auth/password", object{"current": servertest.Password, "new": "tangerine velvet harbour"}).Expect(200)
	}, 401, "session_ended"},
	"is disabled": {func(_ *testing.T, p *person, admin *servertest.Client) {
		admin.Do("POST", "/v1/users/"+p.user.ID+"/disable", nil).Expect(200)
	}, 401, "session_ended"},
	"loses the role": {func(_ *testing.T, p *person, admin *servertest.Client) {
		etag := admin.Do("GET", "/v1/users/"+p.user.ID+"/roles", nil).Expect(200).ETag()
		admin.Do("PUT", "/v1/users/"+p.user.ID+"/roles", object{"roles": []any{}}, "If-Match", etag).Expect(200)
	}, 403, "no_permission"},
}

// people are one person for each cause.
type people map[string]*person

func (n *nodes) people(t *testing.T, when string) people {
	t.Helper()
	all := people{}
	for name := range causes {
		all[name] = n.person(t, when+" "+name)
	}
	return all
}

// lose has each lose what the cause takes away, on the first node, which obeys at once.
func (p people) lose(t *testing.T, n *nodes) {
	t.Helper()
	admin := n.admin.SignIn()
	for name, c := range causes {
		c.take(t, p[name], admin)
		if !p[name].refusedAt(n.all[0], c) {
			t.Errorf("%s: the node that did it serves them", name)
		}
	}
}

func (p people) refused(t *testing.T) {
	t.Helper()
	for name, c := range causes {
		p[name].refused(t, c)
	}
}
