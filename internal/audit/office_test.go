package audit_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// noon is the instant of every transaction, with microseconds that a record must keep.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 123456000, time.UTC)

// office is a small API with a real trail on a real database, in which there are the tenants
// platform, acme and globex.
type office struct {
	api   *api.API
	audit *audit.Service
	db    *store.DB
	t     testing.TB
}

func each(t *testing.T, f func(t *testing.T, o *office)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, open(t, db)) })
}

func open(t testing.TB, db *store.DB) *office {
	t.Helper()
	o := newOffice(t, db)
	o.audit.Start()
	t.Cleanup(o.audit.Stop)
	return o
}

// newOffice is an office whose trail has not started.
func newOffice(t testing.TB, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, db: db.WithClock(func() time.Time { return noon })}
	o.audit = audit.New(audit.Config{DB: o.db, Host: "desk.example", Node: "n1"})
	o.api = api.New(api.Config{
		URL:          "https://desk.example",
		Authenticate: authenticate,
		Record:       o.audit.Record,
		CursorKey:    bytes.Repeat([]byte("k"), 32),
	})
	o.routes()
	o.addTenant("acme")
	o.addTenant("globex")
	return o
}

func (o *office) addTenant(id string) {
	o.t.Helper()
	err := o.db.Across(o.t.Context(), store.TenantSetUp, func(s *store.Span) error {
		return s.In(o.t.Context(), id, func(tx *store.Tx) error {
			_, err := tx.Exec(o.t.Context(), `
				INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
				VALUES ($1, $2, $2, 'service', 'en', 'UTC', 'active', $3, 'enabled', 0, 1, 1, 1, 0, 0)`, id, false)
			return err
		})
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// Tokens are <tenant>/<user>; what the users hold.
var holdings = map[string][]access.Permission{
	"chief":   {{Resource: "*", Action: "*", Scope: access.All}},
	"drowsy":  {{Resource: "*", Action: "*", Scope: access.All}}, // has not shown a second factor lately
	"auditor": {{Resource: "audit_log", Action: "read", Scope: access.All}},
	"clerk":   {{Resource: "audit_log", Action: "read", Scope: access.Own}, {Resource: "department", Action: "read", Scope: access.All}},
	"nobody":  {},
}

var errToken = fault.Define(fault.Unauthenticated, "audit_test_token", "The token is wrong.", "令牌无效。", "Get another.")

func authenticate(_ context.Context, token string) (*caller.Caller, error) {
	tenant, user, _ := strings.Cut(token, "/")
	list, known := holdings[user]
	if !known {
		return nil, errToken
	}
	snapshot, err := access.Compile(access.BuiltIn(), access.Tenant{
		ID: tenant, Users: []access.User{{ID: user, Active: true, PermissionList: list}},
	})
	if err != nil {
		return nil, err
	}
	subject, _ := snapshot.Subject(user)
	factor := noon
	if user == "drowsy" {
		factor = noon.Add(-caller.StepUpAge)
	}
	return &caller.Caller{
		Tenant: tenant, User: user, Session: "session-" + user, AMR: []string{"pwd"}, Roles: []string{"agent", user},
		Subject: subject, Catalogue: access.BuiltIn(), Policy: 7, At: noon, Enrolled: true, FactorAt: factor,
	}, nil
}

func (o *office) routes() {
	add := func(id, method, path string, a api.Access, tenant api.Tenant, event string) api.Operation {
		limit := api.Ordinary
		if a.Anyone() {
			limit = api.Small
		}
		return api.Operation{ID: id, Method: method, Path: path, Summary: id, Access: a, Tenant: tenant, Event: event, Limit: limit}
	}
	create := add("department-create", "POST", "/v1/departments", api.Needs("department:create"), api.OfCaller, "department.create")
	create.Status = 201
	api.Register(o.api, create, o.create)
	api.Register(o.api, add("department-read", "GET", "/v1/departments/{id}", api.Needs("department:read"), api.OfCaller, "department.read"), o.read)
	api.Register(o.api, add("role-update", "PUT", "/v1/roles/{name}", api.Needs("role:update"), api.OfCaller, "role.update"), o.role)
	api.Register(o.api, add("sign-in", "POST", "/v1/sign-in", api.Anyone("nobody is signed in yet"), api.Named, "auth.login"), o.signIn)
	api.Register(o.api, add("sign-out", "POST", "/v1/sign-out", api.Anyone("whoever is nobody may leave"), api.Named, "auth.logout"), o.signOut)
	api.Register(o.api, add("ask", "POST", "/v1/ask", api.SignedIn("questions are free"), api.OfCaller, "access.check"), o.ask)
	api.Register(o.api, add("panic", "POST", "/v1/panic", api.SignedIn("it is a test"), api.OfCaller, "access.panic"), o.panic)
	o.audit.Routes(o.api)
}

type createInput struct {
	Body struct {
		Name string `json:"name" maxLength:"20000"`
		How  string `json:"how" required:"false" doc:"What goes wrong: rollback, retry, twice"`
	}
}

type createOutput struct {
	Body struct {
		ID string `json:"id"`
	}
}

var errTooLate = errors.New("it is too late to commit")

func (o *office) create(ctx context.Context, in *createInput) (*createOutput, error) {
	out := &createOutput{}
	tries := 0
	err := o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		out.Body.ID = store.NewID(tx.Now)
		_, err := tx.Exec(ctx, `
			INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at)
			VALUES ($1, $2, $3, $2, 1, $4, $4)`, out.Body.ID, in.Body.Name, tx.Now.UnixMicro())
		if err != nil {
			return err
		}
		api.Touched(ctx, "department", out.Body.ID)
		api.Changed(ctx, "status", nil, []string{"active"})
		api.ChangedPrivately(ctx, "name", "", in.Body.Name)
		if err := o.audit.Append(ctx, tx); err != nil {
			return err
		}
		switch tries++; {
		case in.Body.How == "rollback":
			return errTooLate
		case in.Body.How == "retry" && tries == 1:
			return &pgconn.PgError{Code: "40001"} // the database asks for a repetition
		}
		return nil
	})
	if err == nil && in.Body.How == "twice" {
		err = o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error { return o.audit.Append(ctx, tx) })
	}
	return out, err
}

type nameInput struct {
	ID string `path:"id"`
	Q  string `query:"q"`
}

func (o *office) read(ctx context.Context, in *nameInput) (*struct{}, error) {
	api.Touched(ctx, "department", in.ID)
	err := caller.Must(ctx).Require("department:read", &access.Object{Tenant: caller.Must(ctx).Tenant, Resource: "department", ID: in.ID})
	if err == nil && in.ID != "help" {
		err = fault.ErrNotFound
	}
	api.Counted(ctx, 1)
	return nil, err
}

type roleInput struct {
	Name string `path:"name"`
	Body struct {
		Before []string `json:"before" nullable:"false"`
		After  []string `json:"after" nullable:"false"`
	}
}

func (o *office) role(ctx context.Context, in *roleInput) (*struct{}, error) {
	by := caller.Must(ctx)
	return nil, o.db.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := by.Require("role:update", &access.Object{Tenant: by.Tenant, Resource: "role", ID: in.Name}); err != nil {
			return err
		}
		api.Touched(ctx, "role", in.Name)
		api.Changed(ctx, "permissions", in.Body.Before, in.Body.After)
		return o.audit.Append(ctx, tx)
	})
}

type signInInput struct {
	Body struct {
		Tenant   string `json:"tenant"`
		Username string `json:"username"`
		Password string `json:"password"`
	}
}

func (o *office) signIn(ctx context.Context, in *signInInput) (*struct{}, error) {
	call := api.CallFrom(ctx)
	if in.Body.Tenant == "acme" || in.Body.Tenant == "globex" {
		call.Trail = in.Body.Tenant
	}
	if in.Body.Password != "right" {
		call.Typed = in.Body.Username
		return nil, errToken
	}
	call.Caller = &caller.Caller{Tenant: in.Body.Tenant, User: in.Body.Username}
	return nil, nil
}

func (o *office) signOut(context.Context, *struct{}) (*struct{}, error) { return nil, nil }

type askInput struct {
	Body struct {
		Tenant string `json:"tenant"`
	}
}

func (o *office) ask(ctx context.Context, in *askInput) (*struct{}, error) {
	if in.Body.Tenant != caller.Must(ctx).Tenant {
		api.NamedForeign(ctx)
	}
	return nil, nil
}

func (o *office) panic(context.Context, *struct{}) (*struct{}, error) { panic("out of paper") }

// do runs one request of a caller, who may be nobody. Headers come in pairs.
func (o *office) do(token, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(o.t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr = "203.0.113.9:4711"
	r.TLS = &tls.ConnectionState{}
	r.Header.Set("User-Agent", "Firefox")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header[pair[0]] = []string{pair[1]}
	}
	w := httptest.NewRecorder()
	o.api.ServeHTTP(w, r)
	return w
}

// must runs a request that must end with this status.
func (o *office) must(status int, token, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	o.t.Helper()
	w := o.do(token, method, path, body, headers...)
	if w.Code != status {
		o.t.Fatalf("%s %.80s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	return w
}

// operation is one that is registered.
func (o *office) operation(id string) *api.Operation {
	all := o.api.Operations()
	return all[slices.IndexFunc(all, func(op *api.Operation) bool { return op.ID == id })]
}
