package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// command asks as a command on the machine does, and returns the status and the members of the answer.
func command(t *testing.T, s *servertest.Server, slug, method, path string, body any) (int, object) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(text))
	if body == nil {
		r = httptest.NewRequestWithContext(t.Context(), method, path, nil)
	}
	r.RemoteAddr = "@"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(api.TenantHeader, slug)
	w := httptest.NewRecorder()
	s.API.OnMachine().ServeHTTP(w, r)
	members := object{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &members); err != nil {
			t.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	return w.Code, members
}

// parameter is one in a path.
var parameter = regexp.MustCompile(`\{[^}]*\}`)

func somewhere(op *api.Operation) string { return parameter.ReplaceAllString(op.Path, "somebody") }

// Commands are let in to what they offer and to nothing else, whatever the permission.
func TestTheMachineDoesWhatCommandsOffer(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.NewTenant("acme", "it-desk")
		open := 0
		for _, op := range s.API.Operations() {
			for slug, want := range map[string]string{"acme": "not_for_the_machine", "nowhere": "unknown_tenant"} {
				if op.Machine == (slug == "acme") {
					continue
				}
				if !op.Machine {
					want = "not_for_the_machine"
				}
				status, answer := command(t, s, slug, op.Method, somewhere(op), nil)
				if answer["code"] != want || status != map[string]int{"not_for_the_machine": 403, "unknown_tenant": 404}[want] {
					t.Errorf("%s in %s: %d %v, want %s", op.ID, slug, status, answer, want)
				}
			}
			if op.Machine {
				open++
			}
		}
		if open < 10 {
			t.Errorf("only %d operations are open to commands", open)
		}
	})
}

// Whatever a request over the network says of itself, it is nobody's who brings no token.
func TestNobodyIsTheMachineOverTheNetwork(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.NewTenant("acme", "it-desk")
		for _, op := range s.API.Operations() {
			if !op.Machine {
				continue
			}
			for _, tricks := range [][]string{
				{api.TenantHeader, "acme"},
				{api.TenantHeader, "platform", "X-Forwarded-For", "@", "X-Forwarded-Proto", "unix", "X-Real-Ip", "unix:@"},
				{api.TenantHeader, "platform", "Authorization", "Machine acme"},
				{api.TenantHeader, "platform", "Authorization", "Bearer machine"},
				{api.TenantHeader, "platform", "Forwarded", "for=unix;host=usher", "X-Original-Url", "unix:usher.sock"},
			} {
				if a := s.Client().Do(op.Method, somewhere(op), nil, tricks...); a.Status != 401 {
					t.Errorf("%s with %v: %d %s", op.ID, tricks, a.Status, a.Body)
				}
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/v1/users", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range []string{"usher", "unix", "@", "usher.sock", "localhost"} {
			r.Host = host
			r.Header.Set(api.TenantHeader, "acme")
			a, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if a.Body.Close(); a.StatusCode != 401 {
				t.Errorf("with the host %q: %d", host, a.StatusCode)
			}
		}
	})
}

// The guard rails hold for the machine, a second factor is not asked of it, and everything is on the record as its own.
func TestTheMachineIsOnTheRecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin")
		told := newTrailReader(t, s, acme.ID)
		for _, c := range []struct {
			method, path, event string
			body                any
			status              int
			code                string // of a refusal
		}{
			{"GET", "/v1/users", "user.list", nil, 200, ""},
			{"POST", "/v1/users", "user.create", object{"username": "li", "roles": []string{"agent"}}, 201, ""},
			{"POST", "/v1/users", "user.create", object{"username": "li"}, 409, "username_taken"},
			{"POST", "/v1/users/" + root.ID + "/second-factor/reset", "second_factor.reset", nil, 200, ""},
			{"POST", "/v1/users/" + root.ID + "/disable", "user.disable", nil, 409, "last_administrator"},
			{"POST", "/v1/users/roles", "user.change_roles", object{"users": []string{root.ID}, "take": []string{"admin"}}, 409, "last_administrator"},
			{"DELETE", "/v1/users/" + root.ID + "/sessions", "session.revoke", nil, 204, ""},
			{"DELETE", "/v1/roles/agent", "role.delete", nil, 403, "not_for_the_machine"},
		} {
			status, answer := command(t, s, "acme", c.method, c.path, c.body)
			if code, _ := answer["code"].(string); status != c.status || code != c.code {
				t.Fatalf("%s %s: %d %v", c.method, c.path, status, answer)
			}
			found := told.fresh(t)
			if c.code == "not_for_the_machine" { // nobody looked at the tenant
				if len(found) != 0 {
					t.Errorf("%s: the trail of the tenant has %+v", c.path, found)
				}
				continue
			}
			if len(found) != 1 {
				t.Fatalf("%s: %d records", c.path, len(found))
			}
			r := found[0]
			if r.Action.Op != trail.CLI || r.Actor.Type != trail.System || r.Action.Event != c.event || r.Outcome.Reason != c.code || r.Action.StepUp != "" {
				t.Errorf("%s: the record says %+v %+v %+v", c.path, r.Actor, r.Action, r.Outcome)
			}
		}
	})
}

func TestTheMachineObeysAnExclusionAndASuspension(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		li := acme.NewUser("li", nil, "agent")
		root.Do("POST", "/v1/exclusions", object{"name": "apart", "roles": []string{"agent", "auditor"}}).Expect(201)
		give := object{"users": []string{li.ID}, "give": []string{"auditor"}}
		if status, answer := command(t, s, "acme", "POST", "/v1/users/roles", give); status != 409 || answer["code"] != "excluded_roles" {
			t.Errorf("%d %v", status, answer)
		}
		status, answer := command(t, s, "platform", "POST", "/v1/platform/tenants/"+acme.ID+"/suspend", object{"reason": "a test"})
		if status != 200 || answer["status"] != "suspended" {
			t.Fatalf("%d %v", status, answer)
		}
		if status, answer := command(t, s, "acme", "GET", "/v1/users", nil); status != 403 || answer["code"] != "tenant_suspended" {
			t.Errorf("in a suspended tenant: %d %v", status, answer)
		}
		if status, answer := command(t, s, "acme", "GET", "/v1/platform/tenants", nil); status != 403 || answer["code"] != "no_permission" && answer["code"] != "tenant_suspended" {
			t.Errorf("tenants from inside one: %d %v", status, answer)
		}
	})
}
