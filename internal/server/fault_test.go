package server_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// ordeal is a server to which something happens while an administrator creates users, and what they were answered.
type ordeal struct {
	*servertest.Server
	acme  *servertest.Tenant
	admin *servertest.Client

	mu       sync.Mutex // guards what follows
	asked    int
	answered map[string]int // from the username to the status
}

func newOrdeal(t *testing.T, s *servertest.Server) *ordeal {
	t.Helper()
	o := &ordeal{Server: s, acme: s.NewTenant("acme", "it-desk"), answered: map[string]int{}}
	o.admin = o.acme.NewUser("root", nil, "admin").SignIn()
	return o
}

// create asks for one more user. Whatever happens, it is done, or refused so that one may come again.
func (o *ordeal) create(t *testing.T) (status int) {
	t.Helper()
	o.mu.Lock()
	o.asked++
	name := fmt.Sprintf("asked%d", o.asked)
	o.mu.Unlock()
	a := o.admin.Do("POST", "/v1/users", object{"username": name})
	if a.Status != 201 && (a.Status != 503 || a.Header.Get("Retry-After") == "") {
		t.Errorf("%s: %d %s", name, a.Status, a.Body)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answered[name] = a.Status
	return a.Status
}

// keepAsking has several create users at once, until stop is called. It tells when one was created and when one was
// refused, if somebody listens.
func (o *ordeal) keepAsking(t *testing.T) (done, refused <-chan struct{}, stop func()) {
	t.Helper()
	var working sync.WaitGroup
	over := make(chan struct{})
	told := map[bool]chan struct{}{true: make(chan struct{}, 1), false: make(chan struct{}, 1)}
	for range 4 {
		working.Go(func() {
			for {
				select {
				case told[o.create(t) == 201] <- struct{}{}:
				default:
				}
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	return told[true], told[false], func() { close(over); working.Wait() }
}

// down is how everybody is answered while the database cannot be used: nothing is accepted that cannot be recorded, and
// a token that fails by itself is still told so.
func (o *ordeal) down(t *testing.T) {
	t.Helper()
	if got := o.create(t); got != 503 {
		t.Errorf("a change is answered %d", got)
	}
	if got := o.read(t); got != 503 {
		t.Errorf("a question is answered %d", got)
	}
	o.withoutRecord(t)
}

// read asks for users. Whatever happens, they are listed, or refused with the code of a database that cannot be used.
func (o *ordeal) read(t *testing.T) (status int) {
	t.Helper()
	a := o.admin.Do("GET", "/v1/users", nil)
	if a.Status != 200 {
		a.Refused(503, "unavailable")
	}
	return a.Status
}

// withoutRecord is how those are answered of whom nothing is recorded, or nothing can be.
func (o *ordeal) withoutRecord(t *testing.T) {
	t.Helper()
	stranger := o.Client()
	stranger.Token = "no.token.atall"
	stranger.Do("GET", "/v1/users", nil).Refused(401, "invalid_token")
	stranger.Do("GET", "/livez", nil).Expect(200)
}

// whole fails unless each user that was acknowledged is there, each that is there has its record, and each record its
// user. With doubt, which a connection that is lost during a commit leaves, one that was refused may be there as well.
func (o *ordeal) whole(t *testing.T, doubt bool) {
	t.Helper()
	users, recorded := map[string]string{}, map[string]bool{}
	err := o.DB.Read(t.Context(), o.acme.ID, func(tx *store.Tx) error {
		rows, err := store.Collect(t.Context(), tx, pair, `SELECT u.username, u.id FROM users u WHERE u.tenant_id = $1 AND u.username LIKE 'asked%'`)
		if err != nil {
			return err
		}
		for _, r := range rows {
			users[r[0]] = r[1]
		}
		rows, err = store.Collect(t.Context(), tx, pair, `
			SELECT b.id, a.target_id
			FROM audit_bodies b
			JOIN audit_targets a ON a.tenant_id = $1 AND a.record_id = b.id AND a.type = 'user'
			WHERE b.tenant_id = $1 AND b.event = 'user.create' AND b.result = 'success'`)
		for _, r := range rows {
			recorded[r[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, status := range o.answered {
		id, there := users[name]
		if status == 201 && !there || status != 201 && there && !doubt {
			t.Errorf("%s was answered %d and is there: %v", name, status, there)
		}
		if there && !recorded[id] {
			t.Errorf("%s has no record", name)
		}
	}
	if len(recorded) != len(users) {
		t.Errorf("%d records of %d users", len(recorded), len(users))
	}
}

func pair(r store.Row) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) }

// Whether the clock goes back or ahead: what is done is done once, with its record, and numbers go on.
func TestTheClockMayJump(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOrdeal(t, s)
		ann := o.acme.NewUser("ann", nil, "user")
		old, last := ann.SignIn(), 0.0
		for _, jump := range []time.Duration{-2 * time.Hour, 2 * time.Hour, 26 * time.Hour, -26 * time.Hour} {
			s.Clock.Advance(jump)
			a := ann.SignIn().Do("POST", "/v1/conversations", object{"skill": "computer", "subject": "Dark", "text": "It stays dark."}).Expect(201)
			number, _ := a.Value("number").(float64)
			if number <= last {
				t.Errorf("after a jump by %v: number %v comes after %v", jump, number, last)
			}
			last = number
			err := s.DB.Read(t.Context(), o.acme.ID, func(tx *store.Tx) error {
				var event string
				return tx.QueryRow(t.Context(), `SELECT b.event FROM audit_bodies b WHERE b.tenant_id = $1 AND b.id = $2`, []any{a.Header.Get("Audit-Record")}, &event)
			})
			if err != nil {
				t.Errorf("after a jump by %v: its record: %v", jump, err)
			}
		}
		old.Do("GET", "/v1/me", nil).Expect(200)
		s.Clock.Advance(3 * time.Hour)
		old.Do("GET", "/v1/me", nil).Refused(401, "token_expired")
		old.Do("POST", "/v1/auth/refresh", nil).Expect(200)
	})
}
