package session_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

const firstMaster, secondMaster = "the first master key of 32 bytes", "another master key, of 32 bytes."

// startWith starts a service on the database with a master key.
func startWith(t *testing.T, db *store.DB, master string) error {
	t.Helper()
	s := session.New(session.Config{DB: db, Cluster: cluster.New(), Master: masterKey(t, master), URL: issuer})
	t.Cleanup(s.Stop)
	return s.Start(t.Context())
}

func TestMasterKeyThatOpensNothingDoesNotStart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := startWith(t, db, firstMaster); err != nil {
			t.Fatal(err)
		}
		if err := startWith(t, db, secondMaster); !errors.Is(err, seal.ErrOtherKey) {
			t.Errorf("%v", err)
		}
		if err := startWith(t, db, firstMaster); err != nil {
			t.Error(err)
		}
	})
}

func TestSealedKeyOpensInItsPlaceOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := startWith(t, db, firstMaster); err != nil {
			t.Fatal(err)
		}
		err := db.Across(t.Context(), store.SigningKeys, func(span *store.Span) error {
			_, err := span.Exec(t.Context(), `UPDATE signing_keys SET kid = 'another'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := startWith(t, db, firstMaster); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("%v", err)
		}
	})
}

func TestKeysSurviveARestartAndArePublished(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		a := c.Do("GET", "/.well-known/jwks.json", nil).Expect(200)
		var before, after session.JWKS
		a.Into(&before)
		if len(before.Keys) != 1 || before.Keys[0].KeyType != "EC" || before.Keys[0].Use != "sig" {
			t.Errorf("%s", a.Body)
		}
		if a.Value("keys").([]any)[0].(map[string]any)["d"] != nil {
			t.Error("the private key is published")
		}
		p.node = startNode(t, p.DB, p.URL)
		if err := json.NewDecoder(p.get("/.well-known/jwks.json", "").Body).Decode(&after); err != nil {
			t.Fatal(err)
		}
		if len(after.Keys) != 1 || after.Keys[0] != before.Keys[0] {
			t.Errorf("%+v, before %+v", after, before)
		}
		expect(t, p.get("/v1/me", c.Token), 200, "")
	})
}

func TestServiceWithoutKeysAcceptsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := newMint(t)
		s := session.New(session.Config{DB: db, Cluster: cluster.New(), Master: masterKey(t, firstMaster), URL: issuer})
		defer s.Stop()
		token := m.sign(m.header(), object(claims()))
		if _, err := s.Authenticate(t.Context(), token); !errors.Is(err, session.ErrInvalidToken) {
			t.Error(err)
		}
	})
}

func masterKey(t testing.TB, bytes string) *seal.Key {
	t.Helper()
	key, err := seal.NewKey([]byte(bytes))
	if err != nil {
		t.Fatal(err)
	}
	return key
}
