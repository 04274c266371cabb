package session_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// eachDatabase runs a benchmark on both.
func eachDatabase(b *testing.B, run func(b *testing.B, p *program)) {
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			p := &program{Server: servertest.Run(b, open(b))}
			p.acme = p.NewTenant("acme", "it-desk")
			p.ann = p.acme.NewUser("ann", nil, "user")
			run(b, p)
		})
	}
}

// round is how many requests are measured at a stretch, before it is the other's turn.
const round = 80

// Requests with a valid token, and the same handler and record with a caller who is given. Both are measured in turns,
// each by several clients at once.
func BenchmarkRequest(b *testing.B) {
	eachDatabase(b, func(b *testing.B, p *program) {
		token := p.ann.SignIn().Token
		who, err := p.Sessions.Authenticate(b.Context(), token)
		if err != nil {
			b.Fatal(err)
		}
		given := p.meBehind(func(context.Context, string) (*caller.Caller, error) { return who, nil })
		verified := p.meBehind(p.Sessions.Authenticate)
		var withCaller, withToken time.Duration
		rounds := 0
		for b.Loop() {
			withCaller += ask(b, given, token)
			withToken += ask(b, verified, token)
			rounds++
		}
		requests := float64(rounds * round)
		b.ReportMetric(requests/withCaller.Seconds(), "given/s")
		b.ReportMetric(requests/withToken.Seconds(), "token/s")
		b.ReportMetric(withCaller.Seconds()/withToken.Seconds(), "ratio")
	})
}

// meBehind serves GET /v1/me behind a door.
func (p *program) meBehind(door func(context.Context, string) (*caller.Caller, error)) http.Handler {
	a := api.New(api.Config{URL: p.URL, Authenticate: door, Record: p.Audit.Record, CursorKey: make([]byte, 32), Now: p.DB.Now})
	p.Identity.Routes(a)
	return a
}

// ask sends a round of requests from eight clients.
func ask(b *testing.B, h http.Handler, token string) time.Duration {
	b.Helper()
	const clients = 8
	var done sync.WaitGroup
	began := time.Now()
	for range clients {
		done.Go(func() {
			for range round / clients {
				r := httptest.NewRequest("GET", "/v1/me", nil)
				r.Header.Set("Authorization", "Bearer "+token)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Errorf("%d: %s", w.Code, w.Body)
				}
			}
		})
	}
	done.Wait()
	return time.Since(began)
}

// productCost is the cost of hashes where nobody asks for another.
const productCost = 12

// Sign-ins, and bare comparisons of the same hash, in turns. The cost is the product's own.
func BenchmarkSignIn(b *testing.B) {
	eachDatabase(b, func(b *testing.B, p *program) {
		n := startNodeAt(b, p.DB, p.URL, 0)
		hash, err := bcrypt.GenerateFromPassword([]byte(servertest.Password), productCost)
		if err != nil {
			b.Fatal(err)
		}
		signIn(b, n) // hashes anew, for the cost
		var bare, whole time.Duration
		for b.Loop() {
			began := time.Now()
			if err := bcrypt.CompareHashAndPassword(hash, []byte(servertest.Password)); err != nil {
				b.Fatal(err)
			}
			bare += time.Since(began)
			began = time.Now()
			signIn(b, n)
			whole += time.Since(began)
		}
		b.ReportMetric(whole.Seconds()/bare.Seconds(), "ratio")
	})
}

func signIn(b *testing.B, h http.Handler) {
	b.Helper()
	r := httptest.NewRequest("POST", "/v1/auth/login", strings.NewReader(`{"tenant":"acme","username":"ann","password":"`+servertest.Password+`"}`))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%d: %s", w.Code, w.Body)
	}
}
