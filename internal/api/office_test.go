package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
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
	room  func() bool // nil for always
	paces api.Paces   // nil for the program's own
	t     testing.TB
}

const (
	chief  = "token-of-the-chief"  // holds everything
	drowsy = "token-of-the-drowsy" // holds everything, and has not shown a second factor lately
	single = "token-of-the-single" // holds everything, and has no second factor
	driven = "token-of-the-driven" // is demanded to get one
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
	o.serve(authenticate)
	return o
}

// serve opens the office to those whom authenticate knows.
func (o *office) serve(authenticate func(context.Context, string) (*caller.Caller, error)) {
	o.Server = httptest.NewUnstartedServer(nil)
	o.api = api.New(api.Config{
		URL:          "http://" + o.Listener.Addr().String(),
		Authenticate: authenticate,
		Record:       o.notes.record,
		CursorKey:    bytes.Repeat([]byte("k"), 32),
		Room:         o.room,
		Paces:        o.paces,
	})
	o.routes()
	o.Config.Handler = o.api
	o.Start()
	o.t.Cleanup(o.Close)
}

func authenticate(_ context.Context, token string) (*caller.Caller, error) {
	switch token {
	case stale:
		return nil, errExpired
	case early:
		return nil, fmt.Errorf("reading the session: %w", store.ErrUnavailable)
	case chief, drowsy, single, driven, reader, nobody:
		who := &caller.Caller{
			Tenant: "platform", User: token, Session: "session-of-" + token, Policy: 1, At: time.Now(),
			Subject: subject(token), Catalogue: access.BuiltIn(),
			Enrolled: token != single && token != driven, MustEnrol: token == driven, FactorAt: time.Now(),
		}
		if token == drowsy {
			who.FactorAt = who.At.Add(-caller.StepUpAge)
		}
		return who, nil
	}
	return nil, errExpired
}

func subject(id string) access.Subject {
	lists := map[string][]access.Permission{
		chief:  {{Resource: "*", Action: "*", Scope: access.All}},
		drowsy: {{Resource: "*", Action: "*", Scope: access.All}},
		single: {{Resource: "*", Action: "*", Scope: access.All}},
		driven: {{Resource: "*", Action: "*", Scope: access.All}},
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
		Access: api.Anyone("visitors are nobody yet"), Tenant: api.Named, Event: "visit.start", Limit: api.Small, SameOrigin: true,
	}, o.visit)
	api.Register(o.api, api.Operation{
		ID: "anything", Method: http.MethodPost, Path: "/v1/anything", Summary: "Take any JSON",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take", Limit: api.Ordinary,
	}, anything)
	api.Register(o.api, api.Operation{
		ID: "vault", Method: http.MethodPost, Path: "/v1/vault", Summary: "Take any JSON from who stepped up",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take", Limit: api.Ordinary, StepUp: true,
	}, anything)
	api.Register(o.api, api.Operation{
		ID: "enrol", Method: http.MethodPost, Path: "/v1/enrol", Summary: "Take any JSON also from who must enrol",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take", Limit: api.Ordinary, Enrolling: true,
	}, anything)
	api.Register(o.api, api.Operation{
		ID: "hurry", Method: http.MethodPost, Path: "/v1/hurry", Summary: "Take a small body, quickly",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take",
		Limit: api.Limit{Body: 64, Read: 50 * time.Millisecond, Class: api.Ordinary.Class},
	}, anything)
	api.Register(o.api, api.Operation{
		ID: "linger", Method: http.MethodPost, Path: "/v1/linger", Summary: "Take longer than a body may",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "anything.take",
		Limit: api.Limit{Body: 64, Read: lingering / 4, Class: api.Ordinary.Class},
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
	switch in.Body.Password {
	case "wrong":
		return nil, errWrong
	case "half":
		return nil, errHalf
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
	case "waiting":
		<-ctx.Done()
		return nil, fmt.Errorf("reading: %w", ctx.Err())
	case "late":
		err := o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error { return o.notes.append(ctx, tx) })
		panic(fmt.Sprint("after the commit: ", err))
	}
	return nil, fault.ErrTooMany.After(1500 * time.Millisecond)
}
