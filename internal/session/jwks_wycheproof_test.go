package session_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/vectors"
)

// keyGroup is a group of cases with the key, or the set of keys, to judge them with. Symmetric keys are private only.
type keyGroup struct {
	Comment         string
	Public, Private map[string]any
	Tests           []struct {
		TcID int
		JWS  any
	}
}

// The reader of sets and the verifier are asked together, as usher token verify asks them. No signed text is an access
// token, and of all sets only those named here hold a key that may verify one.
func TestWycheproofKeySets(t *testing.T) {
	verifies, refused, asked := map[string]bool{}, map[string]bool{}, 0
	for _, name := range []string{"json_web_key_test.json", "json_web_signature_test.json"} {
		var cases struct{ TestGroups []keyGroup }
		if !vectors.Read(t, "wycheproof/"+name, &cases) {
			return
		}
		for _, g := range cases.TestGroups {
			asked += len(g.Tests)
			keys, err := session.ReadJWKS(g.set(t))
			if err != nil {
				refused[g.Comment] = true
				continue
			}
			if _, ok := keys("kid-ec-sign"); ok {
				verifies[g.Comment] = true
			}
			g.ask(t, keys)
		}
	}
	if want := map[string]bool{"es256": true, "SpecialCaseEs256": true, "jws_mixedSymmetryKeyset": true}; !maps.Equal(verifies, want) {
		t.Errorf("may verify: %s", cmp.Diff(want, verifies))
	}
	if want := map[string]bool{"jws_duplicate_kid": true}; !maps.Equal(refused, want) {
		t.Errorf("refused: %s", cmp.Diff(want, refused))
	}
	if asked < 400 {
		t.Errorf("asked %d cases only", asked)
	}
}

func (g keyGroup) set(t *testing.T) []byte {
	t.Helper()
	set := g.Public
	if set == nil {
		set = g.Private
	}
	if set["keys"] == nil {
		return jwks(t, set)
	}
	return jwks(t, set["keys"].([]any)...)
}

func (g keyGroup) ask(t *testing.T, keys session.Keys) {
	t.Helper()
	v := newMint(t).verify
	v.Keys = keys
	for _, c := range g.Tests {
		jws, ok := c.JWS.(string)
		var refusal *session.TokenError
		if _, err := v.Verify(jws); !ok || !errors.As(err, &refusal) {
			t.Errorf("%s, case %d: %v", g.Comment, c.TcID, err)
		}
	}
}
