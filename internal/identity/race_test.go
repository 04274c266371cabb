package identity_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestOfTwoUsersOfOneNameOneIsMade(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		answers := make(chan *servertest.Answer)
		for _, username := range []string{"Twin", "ＴＷＩＮ"} {
			go func() { answers <- d.admin.Do("POST", "/v1/users", map[string]any{"username": username}) }()
		}
		good, refused := <-answers, <-answers
		if good.Status >= 400 {
			good, refused = refused, good
		}
		good.Expect(201)
		refused.Refused(409, "username_taken")
	})
}

func TestTwoAdministratorsCannotDisableEachOther(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		second := d.NewUser("second", nil, "admin")
		other := second.SignIn()
		answers := make(chan *servertest.Answer)
		go func() { answers <- d.admin.Do("POST", "/v1/users/"+second.ID+"/disable", nil) }()
		go func() { answers <- other.Do("POST", "/v1/users/"+d.root.ID+"/disable", nil) }()
		good, refused := <-answers, <-answers
		if good.Status >= 400 {
			good, refused = refused, good
		}
		good.Expect(200)
		refused.Expect(401) // before or after the session had ended
	})
}
