package identity_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

var recoveryForm = regexp.MustCompile(`^[a-z2-7]{4}(-[a-z2-7]{4}){5}$`)

func TestRecoveryCodesAreGoodOnceEach(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		_, codes := d.enrol(d.ann)
		if len(codes) != 10 {
			t.Fatalf("%d codes", len(codes))
		}
		seen := map[string]bool{}
		for left, code := range codes {
			if !recoveryForm.MatchString(code) || seen[code] {
				t.Errorf("code %q", code)
			}
			seen[code] = true
			if got := d.state(d.ann).RecoveryCodesLeft; got != 10-left {
				t.Errorf("%d left, want %d", got, 10-left)
			}
			d.accepted(d.ann, code, identity.ByRecoveryCode)
			d.wrong(d.ann, code)
		}
		if s := d.state(d.ann); !s.Enrolled || s.RecoveryCodesLeft != 0 {
			t.Errorf("in the end %+v", s)
		}
	})
}

func TestRecoveryCodesAreReadAsPeopleTypeThem(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		_, codes := d.enrol(d.ann)
		_, others := d.enrol(d.bob)
		for i, typed := range []func(string) string{
			strings.ToUpper,
			func(code string) string { return strings.ReplaceAll(code, "-", "") },
			func(code string) string { return " " + strings.ReplaceAll(code, "-", " \u2013 ") + "\n" },
			fullWidth,
		} {
			d.accepted(d.ann, typed(codes[i]), identity.ByRecoveryCode)
			d.wrong(d.ann, codes[i])
		}
		d.wrong(d.ann, others[0])
		d.wrong(d.ann, codes[9][1:]) // one letter short
		d.wrong(d.ann, codes[9]+"a")
		d.accepted(d.bob, others[0], identity.ByRecoveryCode)
	})
}

// fullWidth is the text as an input method of Chinese or Japanese may give it.
func fullWidth(text string) string {
	return strings.Map(func(r rune) rune { return r + '！' - '!' }, text)
}

func TestNewRecoveryCodesVoidTheOldOnes(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		_, old := d.enrol(d.ann)
		var codes []string
		d.must(func(ctx context.Context, tx *store.Tx) (err error) {
			codes, err = d.NewRecoveryCodes(ctx, tx, d.ann)
			return err
		})
		d.wrong(d.ann, old[0])
		d.accepted(d.ann, codes[0], identity.ByRecoveryCode)
		if left := d.state(d.ann).RecoveryCodesLeft; left != 9 {
			t.Errorf("%d left", left)
		}
	})
}

func scanBytes(r store.Row) (b []byte, err error) {
	err = r.Scan(&b)
	return b, err
}

// Whoever reads the database cannot sign in with what is there.
func TestNothingOfACodeIsStored(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, codes := d.enrol(d.ann)
		waiting := d.begin(d.ann)
		stored := d.sealed(d.ann)
		d.must(func(ctx context.Context, tx *store.Tx) error {
			var pending string
			if err := tx.QueryRow(ctx, `SELECT e.sealed FROM factor_enrolments e WHERE e.tenant_id = $1`, nil, &pending); err != nil {
				return err
			}
			hashes, err := store.Collect(ctx, tx, scanBytes, `SELECT c.code_hash FROM recovery_codes c WHERE c.tenant_id = $1`)
			if len(hashes) != 10 {
				t.Errorf("%d hashes are stored", len(hashes))
			}
			stored += pending + string(bytes.Join(hashes, nil))
			return err
		})
		for _, plain := range append(codes, secret, waiting.Secret) {
			if strings.Contains(stored, plain) || strings.Contains(stored, strings.ReplaceAll(plain, "-", "")) {
				t.Errorf("%q is stored", plain)
			}
		}
	})
}
