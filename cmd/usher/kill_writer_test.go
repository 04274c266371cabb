package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
)

// reading is the kind that changes nothing; its records are all there is.
const reading = "reading"

// kinds are what is written: how it is asked for by a name, how it is found, and what its record says.
var kinds = map[string]struct {
	method, path string
	body         string // with the name
	things       string // query of names and ids
	event        string
	target       string
}{
	"user": {
		"POST", "/v1/users", `{"username":%q,"roles":[{"role":"user"}]}`,
		`SELECT u.username, u.id FROM users u WHERE u.tenant_id = $1`, "user.create", "user",
	},
	"department": {
		"POST", "/v1/departments", `{"name":%q}`,
		`SELECT d.name, d.id FROM departments d WHERE d.tenant_id = $1`, "department.create", "department",
	},
	"role": {
		"POST", "/v1/roles", `{"name":%q,"label_zh":"x","label_en":"x","permissions":["user:view:department"]}`,
		`SELECT r.name, r.name FROM roles r WHERE r.tenant_id = $1 AND NOT r.built_in`, "role.create", "role",
	},
	"message": {
		"POST", "/v1/conversations/{conversation}/messages", `{"text":%q}`,
		`SELECT m.body, m.id FROM messages m WHERE m.tenant_id = $1 AND m.kind = 'text'`, "message.create", "message",
	},
	reading: {
		"GET", "/v1/users?limit=1&q=%s", "",
		`SELECT '', '' FROM tenants t WHERE t.tenant_id = $1 AND t.slug = ''`, "user.list", "user",
	},
}

// writer asks for things of one kind, each under a name of its own.
type writer struct {
	kind, token, path string
	names             int
	acknowledged      map[string]string // from the name to the id of the record
	cut               map[string]bool   // names whose answer never came, or said that nothing was done
	unexpected        string
}

// write asks until nobody answers.
func (w *writer) write(ctx context.Context, url string, answered chan<- struct{}) {
	for {
		w.names++
		name := fmt.Sprintf("%s_%d", w.kind, w.names)
		status, record, body, err := w.ask(ctx, url, name)
		switch {
		case err != nil:
			w.cut[name] = true
			return
		case status == http.StatusOK || status == http.StatusCreated:
			w.acknowledged[name] = record
			answered <- struct{}{}
		default:
			w.unexpected = fmt.Sprintf("%d %s", status, body)
			w.cut[name] = true
			answered <- struct{}{}
		}
	}
}

// ask is over when the whole answer is there: what was cut off in the middle was not acknowledged.
func (w *writer) ask(ctx context.Context, url, name string) (status int, record string, body []byte, err error) {
	k := kinds[w.kind]
	path, text := w.path, ""
	if k.body != "" {
		text = fmt.Sprintf(k.body, name)
	} else {
		path = fmt.Sprintf(w.path, name)
	}
	return call(ctx, k.method, url+path, w.token, text)
}

func call(ctx context.Context, method, url, token, body string) (status int, record string, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0, "", nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header.Get("Audit-Record"), answer, err
}

// newCrew signs the administrator in, who enrols, and begins a conversation.
func newCrew(t *testing.T, url string, place server.Place) *crew {
	t.Helper()
	must := func(path, token, body string, members ...string) (values []string) {
		t.Helper()
		_, _, answer, err := call(t.Context(), http.MethodPost, url+path, token, body)
		var all map[string]any
		if err == nil {
			err = json.Unmarshal(answer, &all)
		}
		for _, m := range members {
			value, _ := all[m].(string)
			if value == "" || err != nil {
				t.Fatalf("%s: %v, %s", path, err, answer)
			}
			values = append(values, value)
		}
		return values
	}
	challenge := must("/v1/auth/login", "", `{"tenant":"acme","username":"zhou","password":"tangerine velvet harbour"}`, "challenge")[0]
	secret := must("/v1/auth/login/enrol", "", fmt.Sprintf(`{"challenge":%q}`, challenge), "secret")[0]
	code, err := identity.FactorCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	token := must("/v1/auth/login/otp", "", fmt.Sprintf(`{"challenge":%q,"code":%q}`, challenge, code), "access_token")[0]
	conversation := must("/v1/conversations", token, `{"skill":"computer","subject":"Dark","text":"It stays dark."}`, "id")[0]
	c := &crew{tenant: tenantOf(t, place), writers: map[string]*writer{}}
	for kind, k := range kinds {
		path := k.path
		if kind == "message" {
			path = "/v1/conversations/" + conversation + "/messages"
		}
		c.writers[kind] = &writer{kind: kind, token: token, path: path, acknowledged: map[string]string{}, cut: map[string]bool{}}
	}
	return c
}

func tenantOf(t *testing.T, p server.Place) (id string) {
	t.Helper()
	db, err := openPlace(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.AcrossRead(t.Context(), store.TenantLookUp, func(span *store.Span) error {
		return span.QueryRow(t.Context(), `SELECT t.tenant_id FROM tenants t WHERE t.slug = 'acme'`, nil, &id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
