package session_test

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// program is a running program with one tenant and two people in it.
type program struct {
	*servertest.Server
	acme  *servertest.Tenant
	admin *servertest.User
	ann   *servertest.User

	node *node // answers get and post in the program's place, where there is one
}

func (p *program) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.node != nil {
		p.node.ServeHTTP(w, r)
		return
	}
	p.Server.ServeHTTP(w, r)
}

// eachProgram runs f on both databases.
func eachProgram(t *testing.T, f func(t *testing.T, p *program)) {
	t.Helper()
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		p := &program{Server: s, acme: s.NewTenant("acme", "it-desk")}
		p.admin = p.acme.NewUser("root", nil, "admin")
		p.ann = p.acme.NewUser("ann", nil, "agent")
		f(t, p)
	})
}

// signIn tries to sign in from a client of its own.
func (p *program) signIn(tenant, username, password string) *servertest.Answer {
	return p.Client().Do("POST", "/v1/auth/login", map[string]any{"tenant": tenant, "username": username, "password": password})
}

// set changes the tenant behind the program's back, as another feature or an operator would.
func (p *program) set(t *testing.T, tenant, statement string, args ...any) {
	t.Helper()
	p.unheard(t, tenant, statement, args...)
	p.Policy.Forget(tenant)
}

// unheard changes the tenant by a commit that the program does not hear of.
func (p *program) unheard(t *testing.T, tenant, statement string, args ...any) {
	t.Helper()
	err := p.DB.Write(t.Context(), tenant, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (p *program) suspend(t *testing.T) {
	p.set(t, p.acme.ID, `UPDATE tenants SET status = 'suspended' WHERE tenant_id = $1`)
}

func (p *program) disable(t *testing.T, u *servertest.User) {
	p.set(t, p.acme.ID, `UPDATE users SET active = $3 WHERE tenant_id = $1 AND id = $2`, u.ID, false)
}

// texts reads one column of text.
func (p *program) texts(t *testing.T, tenant, query string, args ...any) (found []string) {
	t.Helper()
	err := p.DB.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		found, err = store.Collect(t.Context(), tx, store.Text, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// records are those of an event in a tenant's trail, oldest first.
func (p *program) records(t *testing.T, tenant, event string) (list []trail.Record) {
	t.Helper()
	err := p.DB.Read(t.Context(), tenant, func(tx *store.Tx) error {
		bodies, err := store.Collect(t.Context(), tx, func(r store.Row) (body []byte, err error) {
			err = r.Scan(&body)
			return body, err
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = $2 ORDER BY b.id`, event)
		for _, body := range bodies {
			r, err := trail.Parse(body)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// post sends a request without a network, from any address and from any goroutine.
func (p *program) post(path, body, address string, header ...string) *http.Response {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.RemoteAddr = address + ":1234"
	r.TLS = &tls.ConnectionState{}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result()
}

// signInFrom tries to sign in to acme as ann from an address.
func (p *program) signInFrom(address, password string) *http.Response {
	return p.post("/v1/auth/login", `{"tenant":"acme","username":"ann","password":"`+password+`"}`, address)
}

// expect fails the test unless the answer has this status and Retry-After.
func expect(t *testing.T, r *http.Response, status int, retryAfter string) {
	t.Helper()
	if got := r.Header.Get("Retry-After"); r.StatusCode != status || got != retryAfter {
		body, _ := io.ReadAll(r.Body)
		t.Fatalf("%d, Retry-After %q; want %d, %q: %s", r.StatusCode, got, status, retryAfter, body)
	}
}

// hashAt makes a hash of another cost than the program's.
func hashAt(t *testing.T, cost int, password string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

// get is post's sibling, with an access token.
func (p *program) get(path, token string) *http.Response {
	r := httptest.NewRequest("GET", path, nil)
	r.RemoteAddr = "192.0.2.7:1234"
	r.TLS = &tls.ConnectionState{}
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// accessToken is what an answer says about one.
type accessToken struct {
	Text string `json:"access_token"`
	Life int    `json:"expires_in"` // seconds
}

func accessTokenIn(t *testing.T, r *http.Response) (token accessToken) {
	t.Helper()
	if err := json.NewDecoder(r.Body).Decode(&token); err != nil {
		t.Fatal(err)
	}
	return token
}

func accessTokenOf(t *testing.T, r *http.Response) string {
	t.Helper()
	return accessTokenIn(t, r).Text
}
