package session

import (
	"errors"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of sessions. None says which part of a credential was wrong.
var (
	ErrBadCredentials = fault.Define(fault.Unauthenticated, "bad_credentials", "Tenant, name or password is wrong.", "租户、用户名或密码错误。",
		"Check all three. Whoever has no password yet asks an administrator for a link.")
	ErrMFARequired = fault.Define(fault.Unauthenticated, "mfa_required", "Now the second factor.", "请输入两步验证码。",
		"Send `challenge` with a code to POST /v1/auth/login/otp before `challenge_expires_at`.")
	ErrBadChallenge = fault.Define(fault.Unauthenticated, "bad_challenge", "This sign-in cannot go on.", "此次登录无法继续，请重新登录。",
		"Sign in again. A challenge is good once and for five minutes, and ends when password, second factor or sessions change meanwhile.")
	ErrWrongPassword = fault.Define(fault.Invalid, "wrong_password", "The present password is wrong.", "当前密码错误。",
		"Type the password that you signed in with.")
	ErrInvalidRefresh = fault.Define(fault.Unauthenticated, "invalid_refresh", "The session cannot be renewed.", "登录会话无法续期，请重新登录。",
		"Sign in again. A refresh token is good once, for as long as its session lasts.")
	ErrRefreshReused = fault.Define(fault.Unauthenticated, "refresh_reused", "A used refresh token was presented; the session has ended.", "已用过的刷新令牌被再次出示，登录会话已终止。",
		"Sign in again. Somebody may have copied the token: look at the sign-in log, and change the password when an address in it is not yours.")
	ErrInvalidToken = fault.Define(fault.Unauthenticated, "invalid_token", "The access token is not valid.", "访问令牌无效。",
		"Send the access token of the last answer to a sign-in or refresh, as it was.")
	ErrTokenExpired = fault.Define(fault.Unauthenticated, "token_expired", "The access token has expired.", "访问令牌已过期。",
		"Renew it with POST /v1/auth/refresh.")
	ErrSessionEnded = fault.Define(fault.Unauthenticated, "session_ended", "The session has ended.", "登录会话已结束。",
		"Sign in again, where you still may.")
)

// tokenFault words the refusal of a token; what was wrong with it is for the log.
func tokenFault(err error) error {
	var refusal *TokenError
	if errors.As(err, &refusal) && refusal.Reason == TokenExpired {
		return ErrTokenExpired.Because(err)
	}
	return ErrInvalidToken.Because(err)
}

// over words that a session has ended, or may not go on, while its request was on its way.
func over(err error) error {
	var reason refusal
	if errors.As(err, &reason) || errors.Is(err, store.ErrNotFound) {
		return ErrSessionEnded.Because(err)
	}
	return err
}
