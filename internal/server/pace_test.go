package server_test

import (
	"maps"
	"strconv"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
	"github.com/usher-desk/usher/trail"
)

// ofThree are used up by three calls of a user, and by sixty of their tenant.
func ofThree() api.Paces { return api.Same(api.Pace{Burst: 3, Every: 24 * time.Hour}) }

// tooSoon fails the test unless the client is told to come back, and when.
func tooSoon(t *testing.T, a *servertest.Answer) {
	t.Helper()
	a.Refused(429, "rate_limited")
	if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || wait < 1 || wait > 86400 {
		t.Errorf("Retry-After is %q", a.Header.Get("Retry-After"))
	}
}

func TestWhoCallsTooOftenIsToldWhenToComeBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := servertest.RunPaced(t, db, nil, ofThree())
		acme := s.NewTenant("acme", "it-desk")
		rui, ann := acme.NewUser("rui", nil, "agent").SignIn(), acme.NewUser("ann", nil, "agent").SignIn()
		rui.Do("GET", "/v1/me", nil).Expect(200)
		rui.Do("GET", "/v1/roles", nil).Refused(403, "no_permission") // what is refused counts
		rui.Do("POST", "/v1/conversations", `{}`).Refused(422, "invalid_request")
		tooSoon(t, rui.Do("GET", "/v1/me", nil))
		tooSoon(t, rui.Do("POST", "/v1/conversations", `{}`))
		for _, other := range []struct {
			class, method, path, mime string
			status                    int
		}{
			{"live", "GET", "/v1/events", "", 200},
			{"report", "GET", "/v1/reports/first-response", "", 403},
			{"file", "POST", "/v1/files", "image/png", 415},
		} {
			call := func() *servertest.Answer {
				return rui.Do(other.method, other.path, nil, "Content-Type", other.mime)
			}
			for range 3 {
				if got := call().Status; got == 429 {
					t.Fatalf("%s is counted with something else", other.class)
				}
			}
			tooSoon(t, call())
		}
		ann.Do("GET", "/v1/me", nil).Expect(200)
	})
}

func TestATenantThatCallsTooOftenSlowsDownNobodyElse(t *testing.T) {
	s := servertest.RunPaced(t, storetest.SQLite(t), nil, api.Same(api.Pace{Burst: 1, Every: 24 * time.Hour}))
	acme, globex := s.NewTenant("acme", "it-desk"), s.NewTenant("globex", "it-desk")
	late, other := acme.NewUser("late", nil, "agent").SignIn(), globex.NewUser("other", nil, "agent").SignIn()
	for n := range 20 {
		acme.NewUser("user"+strconv.Itoa(n), nil, "agent").SignIn().Do("GET", "/v1/me", nil).Expect(200)
	}
	tooSoon(t, late.Do("GET", "/v1/me", nil))
	other.Do("GET", "/v1/me", nil).Expect(200)
}

func TestNodesCountCallsTogether(t *testing.T) {
	redis := testserver.Redis.URL(t)
	_, application := storetest.PostgresURLs(t)
	one := servertest.RunPaced(t, open(t, application), dial(t, redis), ofThree())
	two := one.Beside("two", open(t, application), dial(t, redis))
	here := one.NewTenant("acme", "it-desk").NewUser("rui", nil, "agent").SignIn()
	there := here.At(two)
	here.Do("GET", "/v1/me", nil).Expect(200)
	there.Do("GET", "/v1/me", nil).Expect(200)
	here.Do("GET", "/v1/me", nil).Expect(200)
	tooSoon(t, there.Do("GET", "/v1/me", nil))
	tooSoon(t, here.Do("GET", "/v1/me", nil))
}

// Each of the first refusals has its record; then the trail says how many more there were.
func TestCallsThatComeTooOftenAreOnTheRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := servertest.RunPaced(t, db, nil, ofThree())
		acme := s.NewTenant("acme", "it-desk")
		user := acme.NewUser("rui", nil, "agent")
		rui := user.SignIn()
		const calls = 30
		recorded := 0
		for range calls {
			if rui.Do("GET", "/v1/me", nil).Header.Get("Audit-Record") != "" {
				recorded++
			}
		}
		if recorded != 23 {
			t.Errorf("%d of %d answers name a record, want three and twenty", recorded, calls)
		}
		s.Audit.Stop()
		counts := map[string]int64{}
		for _, r := range recordsOf(t, s, acme.ID, "me.read") {
			if r.Actor.Type != trail.User || r.Actor.ID != user.ID {
				t.Errorf("%+v", r.Actor)
			}
			counts[strconv.Itoa(r.Outcome.Code)+" "+r.Outcome.Reason] += max(r.Outcome.N, 1)
		}
		want := map[string]int64{"200 ": 3, "429 rate_limited": 20, "0 rate_limited": 7}
		if !maps.Equal(counts, want) {
			t.Errorf("the trail says %v", counts)
		}
	})
}

// recordsOf are those of an event in a tenant's trail.
func recordsOf(t *testing.T, s *servertest.Server, tenant, event string) []trail.Record {
	t.Helper()
	var all []trail.Record
	err := s.DB.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		all, err = store.Collect(t.Context(), tx, func(r store.Row) (trail.Record, error) {
			var body []byte
			if err := r.Scan(&body); err != nil {
				return trail.Record{}, err
			}
			return trail.Parse(body)
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = $2`, event)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
