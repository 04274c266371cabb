package session_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/server/servertest"
)

const (
	office = "192.0.2.7"
	abroad = "198.51.100.9"
)

func TestFailuresSlowDownFromTheFifthOn(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		for n := 1; n <= 5; n++ {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		for _, wait := range []string{"1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "900", "900"} {
			expect(t, p.signInFrom(office, servertest.Password), 429, wait)
			seconds, err := time.ParseDuration(wait + "s")
			if err != nil {
				t.Fatal(err)
			}
			clock.Advance(seconds)
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
	})
}

func TestSlowDownIsPerNameAndNetwork(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		p.acme.NewUser("bob", nil, "agent")
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		expect(t, p.signInFrom("192.0.2.200", servertest.Password), 429, "1")
		expect(t, p.signInFrom(abroad, servertest.Password), 200, "")
		expect(t, p.post("/v1/auth/login", `{"username":"bob","password":"`+servertest.Password+`"}`, office), 200, "")
		expect(t, p.post("/v1/auth/login", `{"username":" ＡＮＮ ","password":"`+servertest.Password+`"}`, office), 429, "1")
	})
}

// A name that nobody has slows down like one that somebody has; else the slow-down tells them apart.
func TestUnknownNamesSlowDownToo(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		for _, body := range []string{
			`{"tenant":"acme","username":"nobody","password":"wrong"}`,
			`{"tenant":"nowhere","username":"ann","password":"wrong"}`,
		} {
			for range 5 {
				expect(t, p.post("/v1/auth/login", body, office), 401, "")
			}
			expect(t, p.post("/v1/auth/login", body, office), 429, "1")
		}
	})
}

// Spellings of one slug are counted together, whether or not a tenant has it; else the number of tries
// before the slow-down tells.
func TestSpellingsOfATenantAreCountedTogether(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		for _, spellings := range [][]string{{"acme", "ACME", " acme", "ａｃｍｅ ", "Acme"}, {"gone", "GONE", " gone", "ｇｏｎｅ ", "Gone"}} {
			try := func(tenant string) *http.Response {
				return p.post("/v1/auth/login", `{"tenant":"`+tenant+`","username":"ann","password":"wrong"}`, office)
			}
			for _, tenant := range spellings {
				expect(t, try(tenant), 401, "")
			}
			for _, tenant := range spellings {
				expect(t, try(tenant), 429, "1")
			}
		}
	})
}

func TestSuccessForgivesFailures(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		for range 3 {
			for range 4 {
				expect(t, p.signInFrom(office, "wrong"), 401, "")
			}
			expect(t, p.signInFrom(office, servertest.Password), 200, "")
		}
	})
}

func TestADayWithoutFailuresForgivesThem(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		clock.Advance(25 * time.Hour)
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		expect(t, p.signInFrom(office, "wrong"), 429, "1")
		clock.Advance(25 * time.Hour)
		expect(t, p.signInFrom(abroad, "wrong"), 401, "")
		if rows := p.texts(t, p.acme.ID, `SELECT f.pair FROM sign_in_failures f WHERE f.tenant_id = $1`); len(rows) != 1 {
			t.Errorf("%d counters are kept", len(rows))
		}
	})
}

// Tries that come at once must not all be judged before the first is counted.
func TestManyTriesAtOnceGetNoFurther(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		const tries = 40
		var mu sync.Mutex
		got := map[int]int{}
		var all sync.WaitGroup
		for range tries {
			all.Go(func() {
				status := p.signInFrom(office, "wrong").StatusCode
				mu.Lock()
				defer mu.Unlock()
				got[status]++
			})
		}
		all.Wait()
		if got[401] != 5 || got[429] != tries-5 {
			t.Errorf("%v", got)
		}
	})
}

func TestSlowDownSurvivesARestart(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		p.node = startNode(t, p.DB.WithClock(clock.Now), p.URL)
		expect(t, p.signInFrom(office, servertest.Password), 429, "1")
	})
}

// A flood of early tries has a line for each of the first, and one line for the rest.
func TestFloodOfEarlyTriesIsCounted(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		for range 50 {
			expect(t, p.signInFrom(office, "wrong"), 429, "1")
		}
		p.node.stop()
		const early = `SELECT CAST(l.tries AS TEXT) FROM sign_ins l WHERE l.tenant_id = $1 AND l.reason = 'slow_down' ORDER BY l.tries`
		lines := p.texts(t, p.acme.ID, early)
		if len(lines) != 21 || lines[0] != "1" || lines[20] != "30" {
			t.Errorf("%v", lines)
		}
	})
}

// A flood of failures too, whoever is named. What was tried with somebody's name stands in their log.
func TestFloodOfFailuresIsCounted(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		for n := range 50 {
			expect(t, p.post("/v1/auth/login", fmt.Sprintf(`{"tenant":"acme","username":"nobody%d","password":"wrong"}`, n), office), 401, "")
		}
		for range 3 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		expect(t, p.signInFrom(abroad, "wrong"), 401, "")
		p.node.stop()
		const lines = `SELECT l.reason || ' ' || CAST(l.tries AS TEXT) || ' ' || l.address FROM sign_ins l WHERE l.tenant_id = $1 ORDER BY l.tries, l.reason, l.address`
		want := append(slices.Repeat([]string{"unknown_user 1 " + office}, 20), "wrong_password 1 "+abroad, "wrong_password 3 192.0.2.0/24", "unknown_user 30 192.0.2.0/24")
		if got := p.texts(t, p.acme.ID, lines); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		const hers = `SELECT CAST(l.tries AS TEXT) FROM sign_ins l JOIN users u ON u.tenant_id = l.tenant_id AND u.id = l.user_id WHERE l.tenant_id = $1 AND u.tenant_id = $1 AND u.username = 'ann' ORDER BY l.tries`
		if got := p.texts(t, p.acme.ID, hers); !slices.Equal(got, []string{"1", "3"}) {
			t.Errorf("about her: %q", got)
		}
	})
}

// A try that found no free processor was not judged, and must not count as a failure.
func TestTriesThatABusyServerTurnsAwayDoNotCount(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		hash := hashAt(t, 12, nextPassword) // a quarter of a second: what follows is over before many are through
		ctx, cancel := context.WithCancel(t.Context())
		var crowd sync.WaitGroup
		for range runtime.NumCPU() + 64 { // as many as may run and wait
			crowd.Go(func() {
				for ctx.Err() == nil {
					_ = p.Identity.Verify(ctx, &hash, servertest.Password)
				}
			})
		}
		gone, hurry := context.WithCancel(ctx)
		hurry() // who has given up waits for no turn, and is turned away all the same where there is no room
		clustertest.Eventually(t, "there is no room", func() bool {
			return errors.Is(p.Identity.Verify(gone, &hash, servertest.Password), fault.ErrUnavailable)
		})
		turnedAway := 0
		for tries := 0; turnedAway < 10 && tries < 1000; tries++ {
			switch r := p.signInFrom(office, servertest.Password); r.StatusCode {
			case 503:
				turnedAway++
			case 200: // found a free place
			default:
				t.Errorf("%d", r.StatusCode)
			}
		}
		cancel()
		crowd.Wait()
		if turnedAway == 0 {
			t.Error("nobody was turned away")
		}
		for _, query := range []string{
			`SELECT f.pair FROM sign_in_failures f WHERE f.tenant_id = $1`,
			`SELECT r.id FROM sign_in_tries r WHERE r.tenant_id = $1`,
		} {
			if rows := p.texts(t, p.acme.ID, query); len(rows) != 0 {
				t.Errorf("%d rows are kept for tries that were not judged: %s", len(rows), query)
			}
		}
		expect(t, p.signInFrom(office, servertest.Password), 200, "")
	})
}
