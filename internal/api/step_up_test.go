package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// What the header says is RFC 9470, section 3: the token is good, and renewing it does not help.
func TestGateAsksForASecondFactor(t *testing.T) {
	const insufficient, recent = `Bearer error="insufficient_user_authentication"`, `Bearer error="insufficient_user_authentication", max_age=600`
	o := openOffice(t)
	for _, c := range []struct {
		name, token, method, path string
		status                    int
		code, challenge           string
		stepUp                    trail.StepUp
	}{
		{"a fresh one", chief, "POST", "/v1/vault", 200, "", "", trail.StepUpFresh},
		{"an old one", drowsy, "POST", "/v1/vault", 401, "step_up_required", recent, trail.StepUpNone},
		{"none at all", single, "POST", "/v1/vault", 401, "mfa_enrolment_required", insufficient, trail.StepUpNone},
		{"where none is asked for", drowsy, "POST", "/v1/anything", 200, "", "", ""},
		{"where none is asked for, of who has none", single, "POST", "/v1/anything", 200, "", "", ""},
		{"a fresh one, for a risk", chief, "PATCH", "/v1/departments/x", 428, "version_required", "", trail.StepUpFresh},
		{"an old one, for a risk", drowsy, "PATCH", "/v1/departments/x", 401, "step_up_required", recent, trail.StepUpNone},
		{"none at all, for a risk", single, "PATCH", "/v1/departments/x", 401, "mfa_enrolment_required", insufficient, trail.StepUpNone},
		{"the permission is missing", nobody, "PATCH", "/v1/departments/x", 403, "no_permission", "", ""},
		{"of who must enrol", driven, "POST", "/v1/anything", 401, "mfa_enrolment_required", insufficient, ""},
		{"of who must enrol, for a risk", driven, "PATCH", "/v1/departments/x", 401, "mfa_enrolment_required", insufficient, ""},
		{"of who must enrol, to enrol", driven, "POST", "/v1/enrol", 200, "", "", ""},
		{"what is for enrolling, of anybody", nobody, "POST", "/v1/enrol", 200, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := o.do(c.token, c.method, c.path, `{}`).ok(c.status)
			if c.code != "" {
				a.problem(c.status, c.code)
			}
			if got := a.Header.Get("WWW-Authenticate"); got != c.challenge {
				t.Errorf("challenge %q, want %q", got, c.challenge)
			}
			if got := o.notes.take()[0].Caller.SteppedUp(); got != c.stepUp {
				t.Errorf("the record says %q of the second factor, want %q", got, c.stepUp)
			}
		})
	}
}

// The secret is for whoever was refused, and for nobody who reads the log.
func TestRefusalHandsOutAChallenge(t *testing.T) {
	o := openOffice(t)
	p := o.do("", "POST", "/v1/visit", `{"password":"half"}`).problem(http.StatusUnauthorized, "api_test_wrong")
	if want := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC); p.Challenge != "a.b.c" || !p.ChallengeExpiresAt.Equal(want) {
		t.Errorf("the challenge is %q until %s", p.Challenge, p.ChallengeExpiresAt)
	}
	if text := errHalf.Error(); text != "api_test_wrong" {
		t.Errorf("the log says %q", text)
	}
	whole := o.do("", "POST", "/v1/visit", `{"password":"wrong"}`)
	for _, name := range []string{"challenge", "challenge_expires_at"} {
		if whole.field(name) != "" {
			t.Errorf("a refusal without a challenge has %s: %s", name, whole.Body)
		}
	}
}

var errHalf = &fault.Error{Code: errWrong, Challenge: &fault.Challenge{Text: "a.b.c", ExpiresAt: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}}
