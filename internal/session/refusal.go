package session

// refusal is why somebody may not have a session, as the sign-in log and nobody else is told.
type refusal string

func (r refusal) Error() string { return string(r) }

// The reasons that lie in the state of tenant and user.
const (
	refusedSuspended refusal = "tenant_suspended"
	refusedDisabled  refusal = "user_disabled"
	refusedPassword  refusal = "no_password"       // the user has none here
	refusedMethod    refusal = "password_disabled" // the tenant does not accept them
	refusedFactor    refusal = "no_second_factor"  // the user has one, which the session has never shown
)

// The reasons of failures beyond those of [admit].
const (
	refusedTenant     refusal = "unknown_tenant"
	refusedUser       refusal = "unknown_user"
	refusedWrong      refusal = "wrong_password"
	refusedSuperseded refusal = "password_changed" // while it was being verified
	refusedEarly      refusal = "slow_down"        // without a look at the password
	refusedReuse      refusal = "reuse"            // of a refresh token; it has ended the session
	refusedCode       refusal = "wrong_code"       // of the second factor
	refusedChallenge  refusal = "challenge_over"   // expired, or void since password, factor or access changed
)
