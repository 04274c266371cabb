package caller

import (
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// StepUpAge is how old a second factor may be that a high-risk operation is done with.
const StepUpAge = 10 * time.Minute

// What is said to those who lack a second factor.
var (
	ErrStepUp = fault.Define(fault.Unauthenticated, "step_up_required",
		"This needs a second factor that is no older than ten minutes.", "此操作需要 10 分钟内的二次验证。",
		"Send a code to POST /v1/auth/step-up, and the request again with the token of its answer.")
	ErrMustEnrol = fault.Define(fault.Unauthenticated, "mfa_enrolment_required",
		"This needs a second factor, and you have none.", "此操作需要两步验证，请先设置。",
		"Set one up at POST /v1/me/second-factor/enrol, or during sign-in with the challenge at POST /v1/auth/login/enrol.")
)

// ErrMustChangePassword is said to those whose password somebody else has brought along. No other token
// would help.
var ErrMustChangePassword = fault.Define(fault.Forbidden, "password_change_required",
	"First choose a password of your own.", "请先设置您自己的新密码。",
	"Yours was imported from another desk. Change it at POST /v1/auth/password; nothing else is done before.")

// StepUp demands a second factor that is fresh. A password never is one. Whoever has not enrolled is
// told to: [ErrMustEnrol]; everybody else can step up: [ErrStepUp]. The machine has no second factor, and none is
// demanded of it.
func (c *Caller) StepUp() error {
	if c.Machine {
		return nil
	}
	c.stepUp = trail.StepUpNone
	switch {
	case !c.Enrolled:
		return ErrMustEnrol
	case c.FactorAt.IsZero() || c.At.Sub(c.FactorAt) >= StepUpAge:
		return ErrStepUp
	}
	c.stepUp = trail.StepUpFresh
	return nil
}

// SteppedUp is what records state of the second factor: that one was demanded and fresh, or was not;
// "" when none was demanded.
func (c *Caller) SteppedUp() trail.StepUp { return c.stepUp }

// venture demands step-up where the catalogue says that the operation is of high risk.
func (c *Caller) venture(op access.Operation) error {
	if !op.HighRisk() {
		return nil
	}
	return c.StepUp()
}
