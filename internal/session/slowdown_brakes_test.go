package session_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// try tries to sign in from an address.
func (p *program) try(tenant, name, password, address string) *http.Response {
	return p.post("/v1/auth/login", fmt.Sprintf(`{"tenant":%q,"username":%q,"password":%q}`, tenant, name, password), address)
}

// elsewhere is an address in the n-th of many networks.
func elsewhere(n int) string { return fmt.Sprintf("10.%d.%d.1", n/256, n%256) }

// failUnder makes failures under a name, each from another network, the first from the network numbered from.
func (p *program) failUnder(t *testing.T, name string, from, n int) {
	t.Helper()
	for i := range n {
		expect(t, p.try("acme", name, "wrong", elsewhere(from+i)), 401, "")
	}
}

// spray makes five failures under each of n names, all from the office.
func (p *program) spray(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		for range 5 {
			expect(t, p.try("acme", fmt.Sprintf("person%d", i), "wrong", office), 401, "")
		}
	}
}

func TestANameIsHeldUpFromAHundredFailuresOn(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.acme.NewUser("bob", nil)
		p.failUnder(t, "ann", 0, 99)
		expect(t, p.signInFrom(elsewhere(99), servertest.Password), 200, "") // is no failure
		p.failUnder(t, "ann", 100, 1)

		expect(t, p.signInFrom(abroad, servertest.Password), 429, "60")
		expect(t, p.signInFrom(elsewhere(0), servertest.Password), 429, "60")
		expect(t, p.try("acme", "bob", servertest.Password, abroad), 200, "")
		clock.Advance(time.Minute - time.Microsecond)
		expect(t, p.signInFrom(abroad, servertest.Password), 429, "1")
		clock.Advance(time.Microsecond)
		expect(t, p.signInFrom(abroad, "wrong"), 401, "")
		expect(t, p.signInFrom(elsewhere(200), servertest.Password), 429, "60")
		clock.Advance(time.Minute)
		expect(t, p.signInFrom(abroad, servertest.Password), 200, "")
		expect(t, p.signInFrom(elsewhere(200), servertest.Password), 429, "60") // what others tried is not forgiven
	})
}

func TestFailuresUnderANameCountForADay(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.failUnder(t, "ann", 0, 1)
		clock.Advance(23 * time.Hour)
		p.failUnder(t, "ann", 1, 99)
		clock.Advance(time.Hour - time.Microsecond)
		p.failUnder(t, "ann", 100, 1) // an hour after the last one
		expect(t, p.signInFrom(abroad, "wrong"), 429, "60")
		clock.Advance(time.Microsecond) // the first is a day old; 100 are not
		expect(t, p.signInFrom(abroad, "wrong"), 429, "60")
		clock.Advance(23 * time.Hour)
		p.failUnder(t, "ann", 200, 99)
		expect(t, p.signInFrom(abroad, servertest.Password), 429, "60")
	})
}

// A name that nobody has, or of a tenant that does not exist, is held up like any other.
func TestNamesThatNobodyHasAreHeldUpToo(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		var first []string
		for _, who := range []struct{ tenant, name string }{{"acme", "ann"}, {"acme", "nobody"}, {"nowhere", "ann"}} {
			var answers []string
			try := func(address string) {
				r := p.try(who.tenant, who.name, "wrong", address)
				request := regexp.MustCompile(`"request":"[^"]*"`)
				answers = append(answers, fmt.Sprint(r.StatusCode, r.Header.Get("Retry-After"), request.ReplaceAllString(bodyOf(t, r), "")))
			}
			for n := range 101 {
				try(elsewhere(n))
			}
			clock.Advance(time.Minute)
			try(abroad)
			try(abroad)
			if first == nil {
				first = answers
			}
			if !slices.Equal(answers, first) {
				t.Errorf("%v: %v, and not %v", who, answers, first)
			}
		}
	})
}

func TestANetworkIsHeldUpBeyondAHundredFailuresOverTwentyNames(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.spray(t, 20)
		expect(t, p.signInFrom(office, servertest.Password), 200, "") // 100 are not beyond
		clock.Advance(time.Second)
		expect(t, p.try("acme", "person0", "wrong", office), 401, "")

		expect(t, p.signInFrom(office, servertest.Password), 429, "1")
		expect(t, p.try("acme", "somebody", "wrong", "192.0.2.200"), 429, "1")
		expect(t, p.signInFrom(abroad, servertest.Password), 200, "")
		clock.Advance(time.Second - time.Microsecond)
		expect(t, p.signInFrom(office, servertest.Password), 429, "1")
		clock.Advance(time.Microsecond)
		expect(t, p.signInFrom(office, servertest.Password), 200, "")
		expect(t, p.try("acme", "root", servertest.Password, office), 429, "1") // a success forgives the network nothing
	})
}

// Many failures under a few names are no reason to hold up everybody at the address.
func TestANetworkIsNotHeldUpForFewNames(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.spray(t, 19)
		clock.Advance(time.Second)
		for n := range 19 {
			expect(t, p.try("acme", fmt.Sprintf("person%d", n), "wrong", office), 401, "")
		}
		expect(t, p.signInFrom(office, servertest.Password), 200, "")
		expect(t, p.signInFrom(office, "wrong"), 401, "") // the twentieth name
		expect(t, p.signInFrom(office, servertest.Password), 429, "1")
	})
}

func TestFailuresFromANetworkCountForTenMinutes(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.spray(t, 20)
		clock.Advance(10*time.Minute - time.Microsecond)
		expect(t, p.signInFrom(office, "wrong"), 401, "")
		expect(t, p.signInFrom(office, "wrong"), 429, "1")
		clock.Advance(time.Microsecond)
		for range 4 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
	})
}

// What is tried in one tenant holds up nobody in another, and not by the same name.
func TestBrakesAreATenantsOwn(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.NewTenant("other", "it-desk").NewUser("ann", nil)
		p.spray(t, 20)
		clock.Advance(time.Second)
		expect(t, p.try("acme", "person0", "wrong", office), 401, "")
		p.failUnder(t, "ann", 0, 100)
		expect(t, p.signInFrom(office, servertest.Password), 429, "60")
		expect(t, p.try("other", "ann", servertest.Password, office), 200, "")
	})
}

// A whole office that signs in at once is not taken for one that guesses, whatever is mistyped.
func TestAnOfficeBehindOneAddressIsNotHeldUp(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		const people = 60
		for n := range people {
			p.acme.NewUser(fmt.Sprintf("person%d", n), nil)
		}
		for n := range people {
			name := fmt.Sprintf("person%d", n)
			if n%2 == 0 {
				expect(t, p.try("acme", name, "mistyped", office), 401, "")
				expect(t, p.try("acme", name, "mistyped again", office), 401, "")
			}
			expect(t, p.try("acme", name, servertest.Password, office), 200, "")
		}
	})
}

// tryAtOnce makes 50 tries at once and counts the answers.
func tryAtOnce(try func(n int) *http.Response) map[int]int {
	const tries = 50
	var mu sync.Mutex
	got := map[int]int{}
	var all sync.WaitGroup
	for n := range tries {
		all.Go(func() {
			status := try(n).StatusCode
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	all.Wait()
	return got
}

func TestManyTriesAtOnceUnderANameGetNoFurther(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		p.failUnder(t, "ann", 0, 97)
		got := tryAtOnce(func(n int) *http.Response { return p.signInFrom(elsewhere(1000+n), "wrong") })
		if got[401] != 3 || got[429] != 47 {
			t.Errorf("%v", got)
		}
	})
}

func TestManyTriesAtOnceFromANetworkGetNoFurther(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		p.spray(t, 19)
		got := tryAtOnce(func(n int) *http.Response { return p.try("acme", fmt.Sprintf("other%d", n), "wrong", office) })
		if got[401] != 6 || got[429] != 44 {
			t.Errorf("%v", got)
		}
	})
}

func TestBrakesSurviveARestart(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.failUnder(t, "ann", 0, 100)
		p.spray(t, 20)
		clock.Advance(time.Second)
		expect(t, p.try("acme", "person0", "wrong", office), 401, "")
		p.node = startNode(t, p.DB.WithClock(clock.Now), p.URL)
		expect(t, p.signInFrom(abroad, servertest.Password), 429, "59")
		expect(t, p.try("acme", "root", servertest.Password, office), 429, "1")
	})
}

// What counts no longer is not kept either.
func TestOldTriesAreNotKept(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		p.spray(t, 3)
		clock.Advance(25 * time.Hour)
		expect(t, p.signInFrom(abroad, "wrong"), 401, "")
		for query, want := range map[string]int{
			`SELECT r.id FROM sign_in_tries r WHERE r.tenant_id = $1`:       1,
			`SELECT b.counter FROM sign_in_brakes b WHERE b.tenant_id = $1`: 2,
			`SELECT f.pair FROM sign_in_failures f WHERE f.tenant_id = $1`:  1,
		} {
			if rows := p.texts(t, p.acme.ID, query); len(rows) != want {
				t.Errorf("%d rows, want %d: %s", len(rows), want, query)
			}
		}
	})
}
