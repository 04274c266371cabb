package identity_test

import (
	"strconv"
	"strings"
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

// An answer belongs to the version that its request wrote, whoever writes the next one.
func TestAnAnswerShowsWhatItsRequestWrote(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		path := "/v1/users/" + d.ann.ID
		names := []string{"First", "Second", "Third"}
		for range 8 {
			version, err := strconv.ParseInt(strings.Trim(d.read(d.ann.ID).ETag(), `"`), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			answers := make(chan *servertest.Answer)
			for _, name := range names {
				go func() {
					for v := version; ; v++ { // until it is its turn
						a := d.admin.Do("PATCH", path, map[string]any{"name": name}, "If-Match", strconv.Quote(strconv.FormatInt(v, 10)))
						if a.Status == 412 {
							continue
						}
						if a.String("name") != name || a.ETag() != strconv.Quote(strconv.FormatInt(v+1, 10)) {
							t.Errorf("wrote %s over %d, was answered %s as %s", name, v, a.String("name"), a.ETag())
						}
						answers <- a
						return
					}
				}()
			}
			for range names {
				<-answers
			}
		}
	})
}
