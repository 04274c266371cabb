package tenant_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// at sends both requests at once and returns the answers, the good one first.
func at(one, other func() *servertest.Answer) (good, refused *servertest.Answer) {
	answers := make(chan *servertest.Answer)
	go func() { answers <- one() }()
	go func() { answers <- other() }()
	good, refused = <-answers, <-answers
	if good.Status >= 400 {
		good, refused = refused, good
	}
	return good, refused
}

func TestTwoMovesAtOnceMakeNoCircle(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		a, z := g.etag(g.a), g.etag(g.z)
		good, refused := at(
			func() *servertest.Answer {
				return patch(g.admin, "/v1/departments/"+g.a, a, map[string]any{"parent": g.z})
			},
			func() *servertest.Answer {
				return patch(g.admin, "/v1/departments/"+g.z, z, map[string]any{"parent": g.a})
			},
		)
		good.Expect(200)
		refused.Refused(409, "department_cycle")
	})
}

func TestOfTwoChangesOfOneVersionOneIsMade(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		etag := g.etag(g.a)
		rename := func(name string) func() *servertest.Answer {
			return func() *servertest.Answer {
				return patch(g.admin, "/v1/departments/"+g.a, etag, map[string]any{"name": name})
			}
		}
		good, refused := at(rename("One"), rename("Other"))
		good.Expect(200)
		refused.Refused(412, "stale_version")
		if refused.ETag() != good.ETag() {
			t.Errorf("the present version is %s, the refused was told %s", good.ETag(), refused.ETag())
		}
	})
}

func TestOfTwoOfOneNameOneIsMade(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		create := func() *servertest.Answer { return g.admin.Do("POST", "/v1/departments", `{"name":"Twin"}`) }
		good, refused := at(create, create)
		good.Expect(201)
		refused.Refused(409, "name_taken")
	})
}
