package session_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// heldToken is a token of the property below.
type heldToken struct {
	text, kid string
	expires   time.Time
}

// Whatever is rotated and however much time passes: at each instant one key signs, it is published, a key that signs for
// the first time without a compromise has been published for two hours, and every token that has not expired is good
// unless its key was given up.
func TestRotationsLoseNoToken(t *testing.T) {
	db := storetest.SQLite(t)
	p := &program{Server: servertest.Run(t, db)}
	p.acme = p.NewTenant("acme", "it-desk")
	p.ann = p.acme.NewUser("ann", nil, "user")
	clock := &stillClock{}
	clock.micros.Store(time.Now().UnixMicro())
	p.node = startNode(t, db.WithClock(clock.Now), p.URL)
	rapid.Check(t, func(rt *rapid.T) {
		p.rotate(t, session.Immediate)
		w := &rotations{program: p, t: t, clock: clock, publishedAt: map[string]time.Time{}, given: map[string]bool{}}
		rt.Repeat(map[string]func(*rapid.T){
			"sign in":        w.signIn,
			"rotate":         w.ordered,
			"rotate at once": w.immediate,
			"wait": func(rt *rapid.T) {
				clock.Advance(time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(rt, "for")))
			},
			"": w.check,
		})
	})
}

// rotations is what the property knows about tokens and keys.
type rotations struct {
	*program
	t           *testing.T
	clock       *stillClock
	tokens      []heldToken
	publishedAt map[string]time.Time // when a key was first published, where it was not to sign at once
	given       map[string]bool      // up, after a compromise
}

func (w *rotations) signIn(rt *rapid.T) {
	if len(w.tokens) == 3 {
		rt.Skip("enough to look at")
	}
	token := accessTokenOf(w.t, w.signInFrom(office, servertest.Password))
	w.tokens = append(w.tokens, heldToken{token, kidOf(rt, token), w.clock.Now().Truncate(time.Second).Add(session.AccessTokenLife)})
}

func (w *rotations) ordered(rt *rapid.T) {
	key, err := w.node.sessions.RotateKeys(rt.Context(), session.Ordered)
	if err == nil {
		w.publishedAt[key.ID] = w.clock.Now()
	} else if !errors.Is(err, session.ErrRotating) {
		rt.Fatal(err)
	}
}

func (w *rotations) immediate(rt *rapid.T) {
	before, _ := w.publishedKeys(w.t)
	if _, err := w.node.sessions.RotateKeys(rt.Context(), session.Immediate); err != nil {
		rt.Fatal(err)
	}
	for _, id := range before {
		w.given[id] = true
	}
}

func (w *rotations) check(rt *rapid.T) {
	states, err := w.node.sessions.SigningKeys(rt.Context())
	if err != nil {
		rt.Fatal(err)
	}
	var published, signers []string
	for _, k := range states {
		if k.Use != session.KeyExpired {
			published = append(published, k.ID)
		}
		if k.Use == session.KeySigns {
			signers = append(signers, k.ID)
		}
	}
	if got, _ := w.publishedKeys(w.t); !cmp.Equal(got, published) || len(signers) != 1 {
		rt.Fatalf("published %v, signers %v, keys %+v", got, signers, states)
	}
	if at, waited := w.publishedAt[signers[0]]; waited && w.clock.Now().Sub(at) < 2*time.Hour {
		rt.Fatalf("%s signs %v after it was published", signers[0], w.clock.Now().Sub(at))
	}
	w.checkTokens(rt)
}

// checkTokens lets those go that nothing can bring back.
func (w *rotations) checkTokens(rt *rapid.T) {
	kept := w.tokens[:0]
	for _, token := range w.tokens {
		good := !w.given[token.kid] && w.clock.Now().Before(token.expires.Add(30*time.Second))
		if status := w.get("/v1/me", token.text).StatusCode; (status == http.StatusOK) != good {
			rt.Fatalf("%d for a token of %s that expires %v from now, given up: %v",
				status, token.kid, token.expires.Sub(w.clock.Now()), fmt.Sprint(w.given[token.kid]))
		}
		if good {
			kept = append(kept, token)
		}
	}
	w.tokens = kept
}
