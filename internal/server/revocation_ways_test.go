package server_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// way is a way to act as somebody. get has them get the credential; what it returns tries it and tells
// whether they are in.
type way struct {
	name   string
	visits bool // by somebody of the platform
	// patience is how long the way may stay open after the ending; what is no request hears of a clock with its next look.
	patience time.Duration
	get      func(t *testing.T, v *victim) (try func() bool)
}

// ways has every way in that identity knows.
var ways = []way{
	{name: "token", get: func(t *testing.T, v *victim) func() bool {
		return func() bool { return in(t, v.client.Do("GET", "/v1/me", nil)) }
	}},
	{name: "refresh", get: func(t *testing.T, v *victim) func() bool {
		return func() bool { return in(t, v.client.Do("POST", "/v1/auth/refresh", nil)) }
	}},
	{name: "password", get: func(t *testing.T, v *victim) func() bool {
		return func() bool {
			a := v.Client().Do("POST", "/v1/auth/login", object{"tenant": v.tenant.Slug, "username": v.user.Username, "password": servertest.Password})
			return a.Code() == "mfa_required" || in(t, a) // the password has done its part
		}
	}},
	{name: "factor", get: func(t *testing.T, v *victim) func() bool {
		challenge := v.user.Challenge()
		return func() bool { return v.proceeds(t, challenge, v.user.Code()) }
	}},
	{name: "recovery", get: func(t *testing.T, v *victim) func() bool {
		var made struct {
			Codes []string `json:"recovery_codes"`
		}
		v.other.Do("POST", "/v1/me/second-factor/recovery-codes", nil).Expect(200).Into(&made)
		challenge := v.user.Challenge()
		return func() bool { return v.proceeds(t, challenge, made.Codes[0]) }
	}},
	{name: "link", get: func(t *testing.T, v *victim) func() bool {
		link := v.boss.SignIn().Do("POST", "/v1/users/"+v.user.ID+"/password-link", nil).Expect(201).String("link")
		return func() bool { return v.redeems(link) }
	}},
	{name: "ticket", get: func(t *testing.T, v *victim) func() bool {
		ticket := v.client.Do("POST", "/v1/realtime/tickets", nil).Expect(201).String("ticket")
		return func() bool { return v.connect(t, "usher.ticket."+ticket) != nil }
	}},
	{name: "connection", patience: 20 * time.Second, get: func(t *testing.T, v *victim) func() bool {
		conn := v.connect(t, "usher.ticket."+v.client.Do("POST", "/v1/realtime/tickets", nil).Expect(201).String("ticket"))
		return func() bool { return echoes(t, conn) }
	}},
	{name: "visit", visits: true, get: func(t *testing.T, v *victim) func() bool {
		inside := v.client.Enter(v.tenant, true)
		return func() bool { return in(t, inside.Do("GET", "/v1/users", nil)) }
	}},
}

// in tells an answer from a refusal. Anything but 401 is none of a credential.
func in(t *testing.T, a *servertest.Answer) bool {
	t.Helper()
	if a.Status != http.StatusUnauthorized {
		a.Expect(http.StatusOK)
	}
	return a.Status == http.StatusOK
}

func (v *victim) proceeds(t *testing.T, challenge, code string) bool {
	return in(t, v.Client().Do("POST", "/v1/auth/login/otp", object{"challenge": challenge, "code": code}))
}

func (v *victim) redeems(link string) bool {
	a := v.Client().Do("POST", "/v1/auth/links/redeem", object{"link": link, "password": "another battery, another staple"})
	if a.Status < 300 {
		return true
	}
	a.Refused(422, "bad_link")
	return false
}

// connect opens a connection as a browser does; nil when it is refused.
func (v *victim) connect(t *testing.T, ticket string) *websocket.Conn {
	t.Helper()
	conn, answer, err := websocket.Dial(t.Context(), v.URL+"/v1/realtime", &websocket.DialOptions{Subprotocols: []string{"usher.v1", ticket}})
	if err == nil {
		t.Cleanup(func() { _ = conn.CloseNow() })
		return conn
	}
	var problem struct{ Code string }
	if answer == nil || answer.StatusCode != http.StatusUnauthorized || json.NewDecoder(answer.Body).Decode(&problem) != nil || problem.Code != "bad_ticket" {
		t.Fatalf("connecting: %v, code %q", err, problem.Code)
	}
	return nil
}

// echoes tells whether a connection still answers. One that was ended says so.
func echoes(t *testing.T, conn *websocket.Conn) bool {
	t.Helper()
	err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"echo","id":"a"}`))
	if err == nil {
		_, _, err = conn.Read(t.Context())
	}
	var end websocket.CloseError
	if err != nil && (!errors.As(err, &end) || end.Code != 4403) {
		t.Fatalf("the connection ended with %v", err)
	}
	return err == nil
}
