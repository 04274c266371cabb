package server_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// Of a suspended tenant every node hears, for its people and for whoever visits it; of a visit that was
// left, too.
func TestWhatThePlatformEndsOnOneNodeIsGoneOnAll(t *testing.T) {
	n := threeNodes(t, throughProxies)
	n.ready(t)
	owner := n.all[0].PlatformTenant().NewUser("owner", nil, "platform_admin").SignIn()
	ended := cause{status: 401, code: "session_ended"}

	left := n.visit(t, owner)
	owner.Do("POST", "/v1/platform/tenants/"+n.acme.ID+"/leave", nil).Expect(204)
	n.hear(t, left, ended)

	ann, inside := n.person(t, "ann"), n.visit(t, owner)
	owner.Do("POST", "/v1/platform/tenants/"+n.acme.ID+"/suspend", object{"reason": "not paid"}).Expect(200)
	n.hear(t, ann, ended)
	n.hear(t, inside, ended)
}

// visit is a visit of acme that every node knows.
func (n *nodes) visit(t *testing.T, owner *servertest.Client) *person {
	t.Helper()
	p := &person{owner.User, owner.Enter(n.acme, false), n}
	p.served(t)
	return p
}

func (n *nodes) hear(t *testing.T, p *person, c cause) {
	t.Helper()
	for _, node := range n.all {
		clustertest.Eventually(t, "every node hears of it", func() bool { return p.refusedAt(node, c) })
	}
}
