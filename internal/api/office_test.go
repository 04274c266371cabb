package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// office is a small API over a real database: departments can be listed, read, made and renamed, and
// there is an operation for each way of going wrong. Its tenant is the platform's, the only one that a
// fresh database holds.
type office struct {
	*httptest.Server
	api   *api.API
	notes notebook
	db    *store.DB
	t     testing.TB
}

const (
	chief  = "token-of-the-chief"  // holds everything
	reader = "token-of-the-reader" // may list and read departments
	nobody = "token-of-nobody"     // holds nothing
	stale  = "token-that-expired"  // belongs to nobody any more
	early  = "token-too-early"     // comes while the database is away
)

var (
	errWrong   = fault.Define(fault.Unauthenticated, "api_test_wrong", "The password is wrong.", "密码错误。", "Try another.")
	errExpired = fault.Define(fault.Unauthenticated, "api_test_expired", "The token has expired.", "令牌已过期。", "Renew it.")
)

// openOffice serves an office on a database of its own.
func openOffice(t testing.TB) *office {
	t.Helper()
	return serveOffice(t, storetest.SQLite(t))
}

func serveOffice(t testing.TB, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, db: db}
	o.Server = httptest.NewUnstartedServer(nil)
	o.api = api.New(api.Config{
		URL:          "http://" + o.Listener.Addr().String(),
		Authenticate: authenticate,
		Record:       o.notes.record,
		CursorKey:    bytes.Repeat([]byte("k"), 32),
	})
	o.routes()
	o.Config.Handler = o.api
	o.Start()
	t.Cleanup(o.Close)
	return o
}

func authenticate(_ context.Context, token string) (*caller.Caller, error) {
	switch token {
	case stale:
		return nil, errExpired
	case early:
		return nil, fmt.Errorf("reading the session: %w", store.ErrUnavailable)
	case chief, reader, nobody:
		return &caller.Caller{
			Tenant: "platform", User: token, Session: "session-of-" + token, Policy: 1, At: time.Now(),
			Subject: subject(token), Catalogue: access.BuiltIn(),
		}, nil
	}
	return nil, errExpired
}

func subject(id string) access.Subject {
	lists := map[string][]access.Permission{
		chief:  {{Resource: "*", Action: "*", Scope: access.All}},
		reader: {{Resource: "department", Action: "read", Scope: access.All}},
		nobody: {},
	}
	snapshot, err := access.Compile(access.BuiltIn(), access.Tenant{
		ID: "platform", Users: []access.User{{ID: id, Active: true, PermissionList: lists[id]}},
	})
	if err != nil {
		panic(err)
	}
	found, _ := snapshot.Subject(id)
	return found
}

func (o *office) routes() {
	api.Register(o.api, api.Operation{
		ID: "department-list", Method: http.MethodGet, Path: "/v1/departments", Summary: "List departments",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "department.list", Limit: api.Ordinary,
	}, o.list)
	api.Register(o.api, api.Operation{
		ID: "department-search", Method: http.MethodGet, Path: "/v1/departments/search", Summary: "List departments in another way",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "department.list", Limit: api.Ordinary,
	}, o.list)
	api.Register(o.api, api.Operation{
		ID: "department-read", Method: http.MethodGet, Path: "/v1/departments/{id}", Summary: "Read a department",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "department.read", Limit: api.Ordinary,
	}, o.read)
	api.Register(o.api, api.Operation{
		ID: "department-create", Method: http.MethodPost, Path: "/v1/departments", Summary: "Make a department",
		Access: api.Needs("department:create"), Tenant: api.OfCaller, Event: "department.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, o.create)
	api.Register(o.api, api.Operation{
		ID: "department-update", Method: http.MethodPatch, Path: "/v1/departments/{id}", Summary: "Rename a department",
		Access: api.Needs("department:update"), Tenant: api.OfCaller, Event: "department.update", Limit: api.Ordinary,
	}, o.update)
	api.Register(o.api, api.Operation{
		ID: "visit", Method: http.MethodPost, Path: "/v1/visit", Summary: "Come in and get a cookie",
		Access: api.Anyone("visitors are nobody yet"), Tenant: api.Named, Event: "visit.start", Limit: api.Ordinary, SameOrigin: true,
	}, o.visit)
	api.Register(o.api, api.Operation{
		ID: "anything", Method: http.MethodPost, Path: "/v1/anything", Summary: "Take any JSON",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take", Limit: api.Ordinary,
	}, anything)
	api.Register(o.api, api.Operation{
		ID: "hurry", Method: http.MethodPost, Path: "/v1/hurry", Summary: "Take a small body, quickly",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take",
		Limit: api.Limit{Body: 64, Read: 50 * time.Millisecond},
	}, anything)
	api.Register(o.api, api.Operation{
		ID: "linger", Method: http.MethodPost, Path: "/v1/linger", Summary: "Take longer than a body may",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take",
		Limit: api.Limit{Body: 64, Read: lingering / 4},
	}, linger)
	api.Register(o.api, api.Operation{
		ID: "fail", Method: http.MethodPost, Path: "/v1/fail/{how}", Summary: "Go wrong",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.fail", Limit: api.Ordinary,
	}, o.fail)
	o.api.Handle("GET /livez", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public")
		fmt.Fprintln(w, "alive")
	}))
}

type department struct {
	ID, Name string
	Version  int64
}

type departmentJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type departmentOutput struct {
	ETag string `header:"ETag"`
	Body departmentJSON
}

func (d department) json() departmentJSON { return departmentJSON{ID: d.ID, Name: d.Name} }

func (d department) output() *departmentOutput {
	return &departmentOutput{ETag: api.ETag(d.Version), Body: d.json()}
}

type listInput struct {
	api.PageInput
	Q string `query:"q" maxLength:"64"`
}

func (o *office) list(ctx context.Context, in *listInput) (*api.PageOutput[departmentJSON], error) {
	after, err := in.After(ctx, in.Q)
	if err != nil {
		return nil, err
	}
	var rows []department
	err = o.db.Read(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		w := tx.Where("d")
		w.And(`d.name_key LIKE ? ESCAPE '\'`, store.Containing(store.Fold(in.Q)))
		if after != nil {
			w.And("d.id > ?", after[0])
		}
		rows, err = store.Collect(ctx, tx, scan,
			`SELECT d.id, d.name, d.version FROM departments d`+w.String()+` ORDER BY d.id LIMIT `+w.Param(1), w.Args(in.Limit+1)...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.NewPage(ctx, in.PageInput, rows, department.json, func(d department) []string { return []string{d.ID} }, in.Q), nil
}

func scan(r store.Row) (d department, err error) {
	err = r.Scan(&d.ID, &d.Name, &d.Version)
	return d, err
}

type readInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (o *office) read(ctx context.Context, in *readInput) (*departmentOutput, error) {
	var d department
	err := o.db.Read(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) (err error) {
		d, err = find(ctx, tx, in.ID)
		return err
	})
	return d.output(), err
}

func find(ctx context.Context, tx *store.Tx, id string) (department, error) {
	return store.One(ctx, tx, scan, `SELECT d.id, d.name, d.version FROM departments d WHERE d.tenant_id = $1 AND d.id = $2`, id)
}

type createInput struct {
	Body struct {
		Name   string    `json:"name" minLength:"1" maxLength:"64"`
		Mail   string    `json:"mail" required:"false" format:"email" maxLength:"64"`
		Kind   string    `json:"kind" required:"false" enum:"inner,outer"`
		Floor  int32     `json:"floor" required:"false"`
		Labels []string  `json:"labels" required:"false" maxItems:"8" maxLength:"16"`
		Since  time.Time `json:"since" required:"false"`
	}
}

func (o *office) create(ctx context.Context, in *createInput) (*departmentOutput, error) {
	d := department{Name: in.Body.Name, Version: 1}
	err := o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		d.ID = store.NewID(tx.Now)
		_, err := tx.Exec(ctx, `
			INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, 1, $5, $5)`, d.ID, d.Name, store.Fold(d.Name)+d.ID, tx.Now.UnixMicro())
		if err != nil {
			return err
		}
		api.Touched(ctx, "department", d.ID)
		return o.notes.append(ctx, tx)
	})
	return d.output(), err
}

type updateInput struct {
	api.IfMatch
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Name api.Optional[string] `json:"name" required:"false" minLength:"1" maxLength:"64"`
	}
}

func (o *office) update(ctx context.Context, in *updateInput) (*departmentOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	var d department
	err = o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		if d, err = find(ctx, tx, in.ID); err != nil {
			return err
		}
		if d.Version != version {
			return api.Stale(d.Version)
		}
		if in.Body.Name.Sent {
			d.Name, d.Version = in.Body.Name.Value, d.Version+1
		}
		_, err := tx.Exec(ctx, `UPDATE departments SET name = $3, version = $4 WHERE tenant_id = $1 AND id = $2`, d.ID, d.Name, d.Version)
		if err != nil {
			return err
		}
		return o.notes.append(ctx, tx)
	})
	return d.output(), err
}

type visitOutput struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	ETag   string      `header:"ETag"`
}

type visitInput struct {
	Body struct {
		Password string `json:"password" maxLength:"64"`
	}
}

func (o *office) visit(_ context.Context, in *visitInput) (*visitOutput, error) {
	if in.Body.Password == "wrong" {
		return nil, errWrong
	}
	return &visitOutput{Cookie: http.Cookie{Name: "visitor", Value: "1"}, ETag: `"1"`}, nil
}

type anythingInput struct{ Body any }

type anythingOutput struct{ Body any }

func anything(_ context.Context, in *anythingInput) (*anythingOutput, error) {
	return &anythingOutput{in.Body}, nil
}

const lingering = 200 * time.Millisecond

// linger works until the caller has gone, or long enough.
func linger(ctx context.Context, _ *struct{}) (*anythingOutput, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(lingering):
		return &anythingOutput{"done"}, nil
	}
}

type failInput struct {
	How string `path:"how" maxLength:"64"`
}

// fail goes wrong in the way named.
func (o *office) fail(ctx context.Context, in *failInput) (*visitOutput, error) {
	switch in.How {
	case "panic":
		panic("the secret of the handler")
	case "defect":
		return nil, errors.New("the secret of the handler")
	case "database":
		return nil, fmt.Errorf("the secret of the handler: %w", store.ErrUnavailable)
	case "late":
		err := o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error { return o.notes.append(ctx, tx) })
		panic(fmt.Sprint("after the commit: ", err))
	}
	return nil, fault.ErrTooMany.After(1500 * time.Millisecond)
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	t      testing.TB
}

// do sends a request with a token, which may be empty. Headers come in pairs.
func (o *office) do(token, method, path, body string, headers ...string) *answer {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		o.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	return o.send(r)
}

func (o *office) send(r *http.Request) *answer {
	o.t.Helper()
	response, err := o.Client().Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return read(o.t, response)
}

func read(t testing.TB, response *http.Response) *answer {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &answer{response.StatusCode, response.Header, body, t}
}

// ok fails the test unless the answer has this status and a record.
func (a *answer) ok(status int) *answer {
	a.t.Helper()
	if a.Status != status || a.Header.Get("Audit-Record") == "" {
		a.t.Fatalf("%d with record %q, want %d with one: %s", a.Status, a.Header.Get("Audit-Record"), status, a.Body)
	}
	return a
}

// problem fails the test unless the answer is a problem with this status and code.
func (a *answer) problem(status int, code string) api.Problem {
	a.t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.Body, &p); err != nil {
		a.t.Fatalf("%d, not a problem: %s", a.Status, a.Body)
	}
	if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" {
		a.t.Errorf("Content-Type %q", kind)
	}
	if a.Status != status || p.Status != status || p.Code != code {
		a.t.Errorf("%d, %d in the body, code %q; want %d %q: %s", a.Status, p.Status, p.Code, status, code, a.Body)
	}
	if p.Request == "" || p.Request != a.Header.Get("X-Request-Id") {
		a.t.Errorf("request id %q, in the header %q", p.Request, a.Header.Get("X-Request-Id"))
	}
	return p
}

// field is a text of the answer's body.
func (a *answer) field(name string) string {
	a.t.Helper()
	var body map[string]any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
	text, _ := body[name].(string)
	return text
}
