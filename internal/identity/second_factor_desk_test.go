package identity_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// factorDesk is a tenant with users, looked at under HTTP, whose clock moves only when the test says so.
type factorDesk struct {
	*identity.Service
	t      *testing.T
	db     *store.DB
	micros atomic.Int64
	tenant string
	ann    string // the id of a user
	bob    string
}

func eachFactorDesk(t *testing.T, f func(t *testing.T, d *factorDesk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, newFactorDesk(t, db, "acme")) })
}

// masterKey is the same for every desk: what seals tell apart is the place alone.
func masterKey(t testing.TB) *seal.Key {
	t.Helper()
	key, err := seal.NewKey(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newFactorDesk(t *testing.T, db *store.DB, slug string) *factorDesk {
	t.Helper()
	d := &factorDesk{t: t}
	d.micros.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).UnixMicro())
	d.db = db.WithClock(d.now)
	d.Service = identity.New(identity.Config{DB: d.db, Master: masterKey(t), BcryptCost: 4})
	inside(t, db, slug, func(tx *store.Tx) {
		d.tenant = tx.Tenant()
		d.ann = mustCreate(t, tx, identity.NewUser{Username: "ann"}).ID
		d.bob = mustCreate(t, tx, identity.NewUser{Username: "bob:b/ob?#%"}).ID
	})
	return d
}

func (d *factorDesk) now() time.Time { return time.UnixMicro(d.micros.Load()) }

func (d *factorDesk) advance(by time.Duration) { d.micros.Add(by.Microseconds()) }

// write runs f in a transaction and returns its error.
func (d *factorDesk) write(f func(ctx context.Context, tx *store.Tx) error) error {
	ctx := d.t.Context()
	return d.db.Write(ctx, d.tenant, func(tx *store.Tx) error { return f(ctx, tx) })
}

func (d *factorDesk) must(f func(ctx context.Context, tx *store.Tx) error) {
	d.t.Helper()
	if err := d.write(f); err != nil {
		d.t.Fatal(err)
	}
}

// set runs a statement, $1 being the tenant.
func (d *factorDesk) set(query string, args ...any) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func (d *factorDesk) begin(user string) (e identity.Enrolment) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *store.Tx) (err error) {
		e, err = d.BeginEnrolment(ctx, tx, user)
		return err
	})
	return e
}

func (d *factorDesk) confirm(user, code string) (recovery []string, err error) {
	err = d.write(func(ctx context.Context, tx *store.Tx) (err error) {
		recovery, err = d.ConfirmEnrolment(ctx, tx, user, code)
		return err
	})
	return recovery, err
}

// enrol enrols the user as they would themselves. The code of the present step is used up.
func (d *factorDesk) enrol(user string) (secret string, recovery []string) {
	d.t.Helper()
	e := d.begin(user)
	recovery, err := d.confirm(user, d.code(e.Secret))
	if err != nil {
		d.t.Fatal(err)
	}
	return e.Secret, recovery
}

// code is what the authenticator shows now.
func (d *factorDesk) code(secret string) string { return codeAt(d.t, secret, d.now()) }

func codeAt(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	code, err := identity.FactorCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (d *factorDesk) use(user, code string) (method identity.FactorMethod, err error) {
	err = d.write(func(ctx context.Context, tx *store.Tx) (err error) {
		if method, err = d.UseFactor(ctx, tx, user, code); err != nil {
			return err
		}
		return identity.ForgiveFactorTries(ctx, tx, user)
	})
	return method, err
}

func (d *factorDesk) accepted(user, code string, want identity.FactorMethod) {
	d.t.Helper()
	if method, err := d.use(user, code); err != nil || method != want {
		d.t.Errorf("%q: %s, %v, want %s", code, method, err, want)
	}
}

func (d *factorDesk) wrong(user, code string) {
	d.t.Helper()
	if _, err := d.use(user, code); !errors.Is(err, identity.ErrWrongCode) {
		d.t.Errorf("%q: %v, want wrong_code", code, err)
	}
}

func (d *factorDesk) state(user string) (s identity.FactorState) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *store.Tx) (err error) {
		s, err = identity.FactorStateOf(ctx, tx, user)
		return err
	})
	return s
}

// anotherStep moves the clock to where the authenticator shows something else.
func (d *factorDesk) anotherStep() { d.advance(30 * time.Second) }
