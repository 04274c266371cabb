package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

func config() api.Config {
	return api.Config{
		URL:          "https://desk.example",
		Authenticate: func(context.Context, string) (*caller.Caller, error) { return nil, api.ErrUnauthenticated },
		Record:       func(context.Context, *api.Call) error { return nil },
		CursorKey:    bytes.Repeat([]byte("k"), 32),
	}
}

func complete() api.Operation {
	return api.Operation{
		ID: "role-update", Method: http.MethodPatch, Path: "/v1/roles/{name}", Summary: "Change a role",
		Access: api.Needs("role:update"), Tenant: api.OfCaller, Event: "role.update", Limit: api.Ordinary,
	}
}

// open is an operation for strangers.
func open() api.Operation {
	o := complete()
	o.Access, o.Tenant, o.Limit = api.Anyone("why not"), api.Named, api.Small
	return o
}

type named struct {
	Name string `path:"name"`
}

func register(a *api.API, op api.Operation) {
	api.Register(a, op, func(context.Context, *named) (*struct{}, error) { return nil, nil })
}

func panics(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}

func TestOperationThatLeavesSomethingOutDoesNotRegister(t *testing.T) {
	register(api.New(config()), complete())
	register(api.New(config()), open())
	for name, spoil := range map[string]func(*api.Operation){
		"no id":                         func(o *api.Operation) { o.ID = "" },
		"no method":                     func(o *api.Operation) { o.Method = "" },
		"no path":                       func(o *api.Operation) { o.Path = "" },
		"a relative path":               func(o *api.Operation) { o.Path = "v1/roles" },
		"no summary":                    func(o *api.Operation) { o.Summary = "" },
		"no access":                     func(o *api.Operation) { o.Access = api.Access{} },
		"an unknown permission":         func(o *api.Operation) { o.Access = api.Needs("role:updat") },
		"an unknown alternative":        func(o *api.Operation) { o.Access = api.Needs("role:update", "rule:update") },
		"no reason for no permission":   func(o *api.Operation) { o.Access = api.SignedIn("") },
		"no reason for no sign-in":      func(o *api.Operation) { o.Access, o.Tenant = api.Anyone(""), api.Named },
		"no tenant":                     func(o *api.Operation) { o.Tenant = 0 },
		"a named tenant and a token":    func(o *api.Operation) { o.Tenant = api.Named },
		"a large body from strangers":   func(o *api.Operation) { o.Access, o.Tenant = api.Anyone("why not"), api.Named },
		"step-up of strangers":          func(o *api.Operation) { *o = open(); o.StepUp = true },
		"strangers who enrol":           func(o *api.Operation) { *o = open(); o.Enrolling = true },
		"the token's tenant, no token":  func(o *api.Operation) { o.Access = api.Anyone("why not") },
		"no event":                      func(o *api.Operation) { o.Event = "" },
		"an event that no record holds": func(o *api.Operation) { o.Event = "Role update" },
		"no limit":                      func(o *api.Operation) { o.Limit = api.Limit{} },
		"no time limit":                 func(o *api.Operation) { o.Limit = api.Limit{Body: 1, Class: api.Small.Class} },
		"no class of work":              func(o *api.Operation) { o.Limit.Class = "" },
		"an unknown class of work":      func(o *api.Operation) { o.Limit.Class = "leisure" },
	} {
		t.Run(name, func(t *testing.T) {
			op := complete()
			spoil(&op)
			a := api.New(config())
			if panics(func() { register(a, op) }) == nil {
				t.Error("it registered")
			}
			if len(a.Operations()) != 0 {
				t.Error("it is listed")
			}
		})
	}
}

// huma would hand the handler an empty name.
func TestOperationThatDoesNotReadItsPathDoesNotRegister(t *testing.T) {
	op := complete()
	op.Path = "/v1/rules/{rule}"
	if panics(func() { register(api.New(config()), op) }) == nil {
		t.Error("it registered")
	}
}

func TestOperationIsRegisteredOnce(t *testing.T) {
	a := api.New(config())
	register(a, complete())
	again := complete()
	again.Path = "/v1/rules/{name}"
	if panics(func() { register(a, again) }) == nil {
		t.Error("two operations have one id")
	}
}

func TestAPIWithoutItsNeedsDoesNotStart(t *testing.T) {
	for name, spoil := range map[string]func(*api.Config){
		"nobody authenticates": func(c *api.Config) { c.Authenticate = nil },
		"nobody records":       func(c *api.Config) { c.Record = nil },
		"no key":               func(c *api.Config) { c.CursorKey = nil },
		"a short key":          func(c *api.Config) { c.CursorKey = make([]byte, 31) },
	} {
		t.Run(name, func(t *testing.T) {
			c := config()
			spoil(&c)
			if panics(func() { api.New(c) }) == nil {
				t.Error("it started")
			}
		})
	}
}

func TestHighRiskFollowsTheCatalogue(t *testing.T) {
	for permission, want := range map[string]bool{"role:update": true, "role:read": false, "tenant:read": false} {
		op := complete()
		op.Access = api.Needs(permission)
		if op.HighRisk() != want {
			t.Errorf("%s: high risk %t, want %t", permission, !want, want)
		}
	}
	both := complete()
	both.Access = api.Needs("role:read", "role:update")
	if !both.HighRisk() {
		t.Error("an operation is as risky as the riskiest permission that opens it")
	}
}

func TestDescriptionSaysWhatAnOperationDemands(t *testing.T) {
	a := api.New(config())
	register(a, complete())
	text, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID, Description string
			Security                 []map[string][]string
			Event                    string `json:"x-usher-event"`
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	got := doc.Paths["/v1/roles/{name}"]["patch"]
	if doc.OpenAPI != "3.1.0" || got.OperationID != "role-update" || got.Event != "role.update" || len(got.Security) != 1 ||
		got.Description != "Needs `role:update`. High risk: needs step-up. Recorded as `role.update`." {
		t.Errorf("OpenAPI %s: %+v", doc.OpenAPI, got)
	}
}

func TestCallsAreAcceptedByTheClockOfTheConfiguration(t *testing.T) {
	noon := time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	c := config()
	c.Now = func() time.Time { return noon }
	var seen *api.Call
	c.Record = func(_ context.Context, call *api.Call) error { seen = call; return nil }
	a := api.New(c)
	register(a, complete())
	serve(a, http.MethodPatch, "/v1/roles/agent", "")
	if seen == nil || !seen.Started.Equal(noon) || seen.Elapsed() < 0 || seen.Elapsed() > time.Hour {
		t.Errorf("the call began at %v and took %v", seen.Started, seen.Elapsed())
	}
}
