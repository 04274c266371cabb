package session_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// showEnrolment begins the enrolment of a second factor during sign-in and returns its secret.
func (p *program) showEnrolment(t *testing.T, challenge string) string {
	t.Helper()
	shown := p.Client().Do("POST", "/v1/auth/login/enrol", map[string]any{"challenge": challenge}).Expect(200)
	picture, err := base64.StdEncoding.DecodeString(shown.String("png"))
	if err != nil || !strings.HasPrefix(string(picture), "\x89PNG") || !strings.HasPrefix(shown.String("svg"), "<svg") {
		t.Errorf("there is no picture: %v %s", err, shown.Body)
	}
	if !strings.HasPrefix(shown.String("url"), "otpauth://totp/") || !strings.Contains(shown.String("url"), shown.String("secret")) {
		t.Errorf("url %s", shown.String("url"))
	}
	return shown.String("secret")
}

func (p *program) codeOf(t *testing.T, secret string) string {
	t.Helper()
	code, err := identity.FactorCode(secret, p.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// From a role that demands a second factor to the last recovery code.
func TestSecondFactorIsEnrolledDuringSignIn(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		eve := p.acme.NewUserWithoutFactor("eve", nil, "auditor")
		asked := p.signIn("acme", "eve", servertest.Password).Refused(401, "mfa_enrolment_required")
		challenge := asked.String("challenge")
		p.goOn(challenge, "123456").Refused(409, "no_enrolment")
		forgotten := p.showEnrolment(t, challenge)
		secret := p.showEnrolment(t, challenge)
		p.goOn(challenge, p.codeOf(t, forgotten)).Refused(401, "wrong_code")

		code := p.codeOf(t, secret)
		in := p.goOn(challenge, code).Expect(200)
		if claims := claimsIn(t, in.String("access_token")); !slices.Equal(claims.AMR, []string{"pwd", "otp"}) {
			t.Errorf("%+v", claims)
		}
		if in.Value("user", "second_factor") != true {
			t.Errorf("%s", in.Body)
		}
		codes, _ := in.Value("recovery_codes").([]any)
		if len(codes) != 10 {
			t.Fatalf("%d recovery codes", len(codes))
		}
		p.goOn(challenge, code).Refused(401, "bad_challenge")

		p.goOn(eve.Challenge(), code).Refused(401, "wrong_code") // it has confirmed the enrolment
		p.goOn(eve.Challenge(), codes[3].(string)).Expect(200)
		p.goOn(eve.Challenge(), codes[3].(string)).Refused(401, "wrong_code")
		p.goOn(eve.Challenge(), strings.ToUpper(codes[4].(string))).Expect(200)

		want := []string{
			"challenged mfa_enrolment_required password", "failure wrong_code totp", "success  totp",
			"challenged mfa_required password", "failure wrong_code totp",
			"challenged mfa_required password", "success  recovery_code",
			"challenged mfa_required password", "failure wrong_code recovery_code",
			"challenged mfa_required password", "success  recovery_code",
		}
		if diff := cmp.Diff(want, p.logged(t, eve)); diff != "" {
			t.Errorf("the sign-in log (-want +got):\n%s", diff)
		}
	})
}

func TestTheTenantCanMakeEverybodyEnrol(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn()
		p.set(t, p.acme.ID, `UPDATE tenants SET require_second_factor = $2, policy_version = policy_version + 1 WHERE tenant_id = $1`, true)
		p.signIn("acme", "ann", servertest.Password).Refused(401, "mfa_enrolment_required")
		p.signIn("acme", "root", servertest.Password).Refused(401, "mfa_required")
	})
}

// Somebody signed in before their role demanded anything; enrolling ends that session.
func TestEnrollingDuringSignInEndsOtherSessions(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		before := p.ann.SignIn()
		give(t, p, p.ann, "auditor")
		challenge := p.ann.Challenge()
		secret := p.showEnrolment(t, challenge)
		p.goOn(challenge, p.codeOf(t, secret)).Expect(200)
		before.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		before.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
	})
}

// give gives somebody one role in the place of all others.
func give(t *testing.T, p *program, u *servertest.User, role string) {
	t.Helper()
	admin := p.admin.SignIn()
	version := admin.Do("GET", "/v1/users/"+u.ID+"/roles", nil).Expect(200).ETag()
	admin.Do("PUT", "/v1/users/"+u.ID+"/roles", map[string]any{"roles": []string{role}}, "If-Match", version).Expect(200)
}

func TestOnlyWhoMustEnrolEnrolsDuringSignIn(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		challenge := p.admin.Challenge()
		p.Client().Do("POST", "/v1/auth/login/enrol", map[string]any{"challenge": challenge}).Refused(401, "bad_challenge")
		p.goOn(challenge, p.admin.Code()).Expect(200)
	})
}

// Neither who signed in without the factor that they have by now, nor who must get one first.
func TestRefreshAsksAboutTheSecondFactor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		eve := p.acme.NewUser("eve", nil, "agent")
		hers, his, admins := eve.SignIn(), p.ann.SignIn(), p.admin.SignIn()
		eve.Enrol()
		give(t, p, p.ann, "auditor")

		hers.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
		admins.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		his.Token = his.Do("POST", "/v1/auth/refresh", nil).Expect(200).String("access_token")
		his.Do("GET", "/v1/me", nil).Refused(401, "mfa_enrolment_required")
		his.Do("POST", "/v1/auth/logout", nil).Expect(204)
	})
}
