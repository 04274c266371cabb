package session_test

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// armed is a request of which everything has come and been looked at but the end of its body.
type armed struct {
	rest   *io.PipeWriter
	answer chan *http.Response
}

// arm sends the beginning of a request, and returns when the program waits for the rest.
func arm(t *testing.T, p *program, c *servertest.Client, path string) armed {
	t.Helper()
	body, rest := io.Pipe()
	waits := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(waits) }})
	r, err := http.NewRequestWithContext(ctx, "POST", p.Address()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Expect", "100-continue") // the program asks for the body once it knows who is calling
	a := armed{rest, make(chan *http.Response, 1)}
	go func() {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Error(err)
		}
		a.answer <- response
	}()
	select {
	case <-waits:
	case early := <-a.answer:
		t.Fatalf("answered before the body was there: %v", early)
	}
	return a
}

// finish sends the rest.
func (a armed) finish(t *testing.T, body string) *http.Response {
	t.Helper()
	if _, err := io.WriteString(a.rest, body); err != nil {
		t.Fatal(err)
	}
	a.rest.Close()
	response := <-a.answer
	if response == nil {
		t.FailNow()
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// A thief who is thrown out must not finish what they have kept ready for that moment, also where the
// operation has no use for a body.
func TestWhatIsStillBeingSentEndsWithItsSession(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		thief, root := p.admin.SignIn(), p.admin.SignIn()
		user, link, codes := arm(t, p, thief, "/v1/users"), arm(t, p, thief, "/v1/users/"+p.ann.ID+"/password-link"),
			arm(t, p, thief, "/v1/me/second-factor/recovery-codes")
		root.Do("DELETE", "/v1/me/sessions", nil).Expect(204)
		for what, r := range map[string]*http.Response{
			"a user": user.finish(t, `{"username":"mole"}`), "a link": link.finish(t, "{}"), "codes": codes.finish(t, "{}"),
		} {
			if got := outcomeOf(r); got != "session_ended" {
				t.Errorf("%s: %d %s", what, r.StatusCode, got)
			}
		}
		if mole := p.texts(t, p.acme.ID, `SELECT u.id FROM users u WHERE u.tenant_id = $1 AND u.username = 'mole'`); len(mole) > 0 {
			t.Error("there is a mole")
		}
	})
}
