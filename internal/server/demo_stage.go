package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// demoStage is where the stories of one tenant are played. It knows its people by their names alone.
type demoStage struct {
	past   *demoPast
	doors  *api.API
	tenant tenant.Tenant

	people map[string]string // username → id
	skills map[string]demoNamed
	tags   map[string]string // name → id
	agents []string          // usernames
	now    demoScene
}

// demoScene is the story that is being played, with its conversation as it was last answered.
type demoScene struct {
	story        demoStory
	conversation demoThing
}

func (d *demoScene) path() string { return "/v1/conversations/" + d.conversation.ID }

// demoThing is what answers have in common.
type demoThing struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version int64  `json:"version"`
}

// demoNamed is a thing that stories call by its name.
type demoNamed struct {
	id      string
	version int64
}

// stage sets the stage for a tenant.
func (p *demoPast) stage(ctx context.Context, t tenant.Tenant) (*demoStage, error) {
	st := &demoStage{past: p, tenant: t, people: map[string]string{}, tags: map[string]string{}}
	st.doors = api.New(api.Config{
		URL: p.config.URL, Now: p.now, Authenticate: st.recognise, Record: p.Audit.Record, CursorKey: p.config.Master.Derive("cursors"),
	})
	p.Tenants.Routes(st.doors)
	p.Desk.Routes(st.doors)
	return st, st.findPeople(ctx)
}

// findPeople looks up the demonstration's own people.
func (st *demoStage) findPeople(ctx context.Context) error {
	return st.past.config.DB.Read(ctx, st.tenant.ID, func(tx *store.Tx) error {
		for _, u := range demoUsers(st.tenant.Preset) {
			user, err := identity.FindByUsername(ctx, tx, u.username)
			if errors.Is(err, store.ErrNotFound) {
				continue // somebody deleted them while looking around
			}
			if err != nil {
				return err
			}
			st.people[u.username] = user.ID
		}
		return nil
	})
}

// used tells whether anybody has asked anything.
func (st *demoStage) used(ctx context.Context) (bool, error) {
	var found struct {
		Items []demoThing `json:"items"`
	}
	err := st.as(ctx, "admin", "GET", "/v1/conversations?limit=1", 0, nil, &found)
	return len(found.Items) > 0, err
}

// recognise takes the id of a user for a token. These doors are open to nobody else.
func (st *demoStage) recognise(ctx context.Context, user string) (*caller.Caller, error) {
	compiled, err := st.past.Policy.Latest(ctx, st.tenant.ID)
	if err != nil {
		return nil, err
	}
	subject, known := compiled.Subject(user)
	if !known {
		return nil, api.ErrUnauthenticated
	}
	now := st.past.now()
	return &caller.Caller{
		Tenant: st.tenant.ID, User: user, Roles: subject.Roles(now), AuthTime: now, Enrolled: true, FactorAt: now,
		Subject: subject, Catalogue: compiled.Catalogue(), Policy: compiled.Version, At: now,
	}, nil
}

// named are the things of a list by their names.
func (st *demoStage) named(ctx context.Context, path string) (map[string]demoNamed, error) {
	var list struct {
		Items []demoThing `json:"items"`
	}
	if err := st.as(ctx, "admin", "GET", path+"?limit=200", 0, nil, &list); err != nil {
		return nil, err
	}
	found := map[string]demoNamed{}
	for _, item := range list.Items {
		found[item.Name] = demoNamed{item.ID, item.Version}
	}
	return found, nil
}

// do does something with the conversation of the scene, in the version in which it stands.
func (st *demoStage) do(ctx context.Context, who, deed string, body map[string]any) error {
	return st.change(ctx, who, "POST", st.now.path()+"/"+deed, body)
}

// change sends what is answered with the conversation.
func (st *demoStage) change(ctx context.Context, who, method, path string, body map[string]any) error {
	version := st.now.conversation.Version
	if st.now.conversation.ID != "" { // what others said meanwhile may have changed it
		if err := st.as(ctx, who, "GET", st.now.path(), 0, nil, &st.now.conversation); err != nil {
			return err
		}
		version = st.now.conversation.Version
	}
	return st.as(ctx, who, method, path, version, body, &st.now.conversation)
}

// as sends a request as one of the people, and reads the answer into a value unless that is nil.
func (st *demoStage) as(ctx context.Context, who, method, path string, version int64, body any, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	header := http.Header{}
	if body != nil {
		header.Set("Content-Type", "application/json")
	} else {
		text = nil
	}
	if version > 0 {
		header.Set("If-Match", api.ETag(version))
	}
	return st.ask(ctx, who, method, path, header, text, into)
}

// send uploads a file and has the conversation carry it.
func (st *demoStage) send(ctx context.Context, who, name string) error {
	header := http.Header{
		"Content-Type": {"text/plain"}, "Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": name})},
	}
	var made demoThing
	if err := st.ask(ctx, who, "POST", "/v1/files", header, []byte(demoFiles[name]), &made); err != nil {
		return err
	}
	return st.as(ctx, who, "POST", st.now.path()+"/messages", 0, map[string]any{"kind": "file", "file": made.ID}, nil)
}

// ask puts a request through the doors, as if it had come over the network.
func (st *demoStage) ask(ctx context.Context, who, method, path string, header http.Header, body []byte, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = header
	r.Header.Set("Authorization", "Bearer "+st.people[who])
	r.RemoteAddr = "127.0.0.1:0"
	answer := &demoAnswer{header: http.Header{}}
	st.doors.ServeHTTP(answer, r)
	if answer.status >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %d %s", method, path, answer.status, strings.TrimSpace(answer.body.String()))
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.body.Bytes(), into)
}

// demoAnswer keeps an answer.
type demoAnswer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *demoAnswer) Header() http.Header { return a.header }

func (a *demoAnswer) WriteHeader(status int) { a.status = status }

func (a *demoAnswer) Write(text []byte) (int, error) { return a.body.Write(text) }

func giveRole(ctx context.Context, tx *store.Tx, user, role string) error {
	return policy.SetAssignments(ctx, tx, user, []policy.Assignment{{Role: role}})
}
