package main

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
)

// The code is that of the moment, whichever way the secret came.
func TestTOTPPrintsThePresentCode(t *testing.T) {
	secret := identity.NewFactorSecret()
	for _, c := range []struct{ argument, input string }{{secret, ""}, {"-", secret + "\n"}, {"-", secret}} {
		var out, complaints strings.Builder
		from := time.Now()
		code := run(t.Context(), []string{"totp", c.argument}, streams{strings.NewReader(c.input), &out, &complaints})
		if code != exitGood {
			t.Fatalf("%d: %s", code, &complaints)
		}
		got := strings.TrimSpace(out.String())
		if got != codeAt(t, secret, from) && got != codeAt(t, secret, time.Now()) {
			t.Errorf("printed %q", got)
		}
	}
}

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := identity.FactorCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
