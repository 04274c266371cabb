package session_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// kidOf is the id of the key that signed a token.
func kidOf(t interface{ Fatal(...any) }, token string) string {
	header, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	var h struct{ KID string }
	if err := json.Unmarshal(header, &h); err != nil {
		t.Fatal(err)
	}
	return h.KID
}

// publishedKeys are the ids in the JWK set, and the max-age that it comes with.
func (p *program) publishedKeys(t *testing.T) (ids []string, cache string) {
	t.Helper()
	a := p.get("/.well-known/jwks.json", "")
	var set session.JWKS
	if err := json.NewDecoder(a.Body).Decode(&set); err != nil {
		t.Fatal(err)
	}
	for _, k := range set.Keys {
		ids = append(ids, k.KeyID)
	}
	return ids, a.Header.Get("Cache-Control")
}

func (p *program) wantPublished(t *testing.T, cache string, ids ...string) {
	t.Helper()
	got, gotCache := p.publishedKeys(t)
	if diff := cmp.Diff(ids, got); diff != "" || gotCache != "public, max-age="+cache {
		t.Errorf("published for %q: %s", gotCache, diff)
	}
}

func (p *program) rotate(t *testing.T, how session.Rotation) session.KeyState {
	t.Helper()
	key, err := p.node.sessions.RotateKeys(t.Context(), how)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestANewKeyIsPublishedTwoHoursBeforeItSigns(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		token := func() string { return accessTokenOf(t, p.signInFrom(office, servertest.Password)) }
		first := kidOf(t, token())
		second := p.rotate(t, session.Ordered)
		if second.Use != session.KeyWaits || !second.SignsFrom.Equal(p.node.now().Add(2*time.Hour)) {
			t.Errorf("%+v at %v", second, p.node.now())
		}
		p.wantPublished(t, "300", first, second.ID)
		if _, err := p.node.sessions.RotateKeys(t.Context(), session.Ordered); !errors.Is(err, session.ErrRotating) {
			t.Errorf("rotated again before the key signs: %v", err)
		}

		clock.Advance(2*time.Hour - time.Microsecond)
		last := token()
		if kidOf(t, last) != first {
			t.Error("the new key signs too early")
		}
		clock.Advance(time.Microsecond)
		if kidOf(t, token()) != second.ID {
			t.Error("the old key signs on")
		}
		p.wantPublished(t, "300", first, second.ID)

		clock.Advance(2*time.Hour - time.Second)
		expect(t, p.get("/v1/me", last), 200, "")
		p.wantPublished(t, "31", first, second.ID)
		clock.Advance(31*time.Second - time.Microsecond)
		p.wantPublished(t, "0", first, second.ID)
		clock.Advance(time.Microsecond)
		p.wantPublished(t, "300", second.ID)
		expect(t, p.get("/v1/me", last), 401, "")
	})
}

func TestAfterACompromiseTheOldTokensAreRefusedAtOnce(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		r := p.signInFrom(office, servertest.Password)
		cookie, stolen := cookieOf(t, r), accessTokenOf(t, r)
		expect(t, p.get("/v1/me", stolen), 200, "")
		p.rotate(t, session.Ordered) // a key that waits may have been seen too
		key := p.rotate(t, session.Immediate)
		if key.Use != session.KeySigns {
			t.Errorf("%+v", key)
		}
		p.wantPublished(t, "300", key.ID)
		expect(t, p.get("/v1/me", stolen), 401, "")
		renewed := p.refresh(cookie)
		expect(t, renewed, 200, "")
		fresh := accessTokenOf(t, renewed)
		if kidOf(t, fresh) != key.ID {
			t.Error("signed with another key than the new one")
		}
		expect(t, p.get("/v1/me", fresh), 200, "")

		// A clock that is behind the one who rotated, on this machine: there is nothing else to sign with.
		clock.Advance(-time.Minute)
		if got := kidOf(t, accessTokenOf(t, p.signInFrom(office, servertest.Password))); got != key.ID {
			t.Errorf("signed with %s", got)
		}
	})
}

// Another node has not heard of the new key when the first token of it arrives, and looks; that an old key is gone it
// finds by itself.
func TestNodesAgreeOnTheKeys(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		here, elsewhere := p.node, startNode(t, p.DB.WithClock(clock.Now), p.URL)
		stolen := accessTokenOf(t, p.signInFrom(office, servertest.Password))
		p.node = elsewhere
		expect(t, p.get("/v1/me", stolen), 200, "")
		p.node = here
		p.rotate(t, session.Immediate)
		fresh := accessTokenOf(t, p.signInFrom(office, servertest.Password))
		p.node = elsewhere
		expect(t, p.get("/v1/me", fresh), 200, "")
		expect(t, p.get("/v1/me", stolen), 401, "")
		p.node = here
		p.rotate(t, session.Immediate)
		p.node = elsewhere
		for p.get("/v1/me", fresh).StatusCode != http.StatusUnauthorized {
			if err := t.Context().Err(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestKeysThatCannotBeReadAgainStayInUse(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, _ *stillClock) {
		token := accessTokenOf(t, p.signInFrom(office, servertest.Password))
		err := p.DB.Across(t.Context(), store.SigningKeys, func(span *store.Span) error {
			_, err := span.Exec(t.Context(), `UPDATE signing_keys SET sealed = 'damaged'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		m := newMint(t)
		expect(t, p.get("/v1/me", m.sign(m.header(), object(claims()))), 401, "") // of an unknown key, so that the node looks
		expect(t, p.get("/v1/me", token), 200, "")
	})
}

func TestOfTwoRotationsAtOnceOneWins(t *testing.T) {
	for _, how := range []session.Rotation{session.Ordered, session.Immediate} {
		t.Run(string(how), func(t *testing.T) {
			eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
				nodes := []*node{p.node, startNode(t, p.DB.WithClock(clock.Now), p.URL)}
				won := p.rotateAtOnce(t, nodes, how)
				if how == session.Ordered && won != 1 || won < 1 {
					t.Errorf("%d have won", won)
				}
				states, err := p.node.sessions.SigningKeys(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				endless := 0
				for _, k := range states {
					if k.PublishedUntil.IsZero() {
						endless++
					}
				}
				if endless != 1 || len(p.records(t, "platform", "signing_key.rotate")) != won {
					t.Errorf("%d winners, %d records, keys %+v", won, len(p.records(t, "platform", "signing_key.rotate")), states)
				}
			})
		})
	}
}

// rotateAtOnce returns how many of several rotations on each node have won.
func (p *program) rotateAtOnce(t *testing.T, nodes []*node, how session.Rotation) (won int) {
	t.Helper()
	var mu sync.Mutex
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			_, err := nodes[i%len(nodes)].sessions.RotateKeys(t.Context(), how)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, session.ErrRotated) && !errors.Is(err, session.ErrRotating):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	return won
}

// Of the nodes that find the key too old one replaces it, once.
func TestAnOldKeyIsReplacedByANode(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		startNode(t, p.DB.WithClock(clock.Now), p.URL)
		clock.Advance(90*24*time.Hour - time.Microsecond)
		first, _ := p.publishedKeys(t)
		if len(first) != 1 {
			t.Fatalf("%v", first)
		}
		clock.Advance(time.Microsecond)
		var both []string
		for both = first; len(both) < 2; both, _ = p.publishedKeys(t) {
			if err := t.Context().Err(); err != nil {
				t.Fatal(err)
			}
		}
		records := p.records(t, "platform", "signing_key.rotate")
		if len(records) != 1 || records[0].Action.Op != trail.Job {
			t.Fatalf("%d records: %+v", len(records), records)
		}
		want := []trail.Ref{{Type: "signing_key", ID: both[1]}, {Type: "signing_key", ID: both[0]}}
		if diff := cmp.Diff(want, records[0].Target); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNodesThatStartOnAnEmptyDatabaseMakeOneKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() {
				if err := startWith(t, db, firstMaster); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		keys, err := session.New(session.Config{DB: db, Cluster: cluster.New(), Master: masterKey(t, firstMaster), URL: issuer}).SigningKeys(t.Context())
		if err != nil || len(keys) != 1 || keys[0].Use != session.KeySigns {
			t.Errorf("%+v, %v", keys, err)
		}
	})
}
