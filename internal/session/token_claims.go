package session

import (
	"encoding/json"
	"slices"
	"time"
)

// requiredClaims is what every access token says.
var requiredClaims = []string{"iss", "aud", "sub", "tenant_id", "sid", "jti", "iat", "exp"}

// claimShapes says what each claim that we read must look like. Other claims may say what they like.
var claimShapes = map[string]func(any) bool{
	"iss": isTextClaim, "sub": isTextClaim, "tenant_id": isTextClaim, "sid": isTextClaim, "jti": isTextClaim,
	"aud": isAudienceClaim,
	"iat": isIntegerClaim, "exp": isIntegerClaim, "nbf": isIntegerClaim, "auth_time": isIntegerClaim,
	"amr": isTextsClaim, "roles": isTextsClaim,
	"epochs": isEpochsClaim, "act": isActClaim,
}

// checkClaims looks at the shape of claims, not at what they say.
func checkClaims(claims map[string]any) error {
	for _, name := range requiredClaims {
		if _, ok := claims[name]; !ok {
			return refuseToken(TokenMissingClaim, name)
		}
	}
	for name, v := range claims {
		if shape := claimShapes[name]; shape != nil && !shape(v) {
			return refuseToken(TokenBadClaim, name)
		}
	}
	return nil
}

func isTextClaim(v any) bool {
	s, ok := v.(string)
	return ok && s != ""
}

func isTextsClaim(v any) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(v any) bool { return !isTextClaim(v) })
}

func isAudienceClaim(v any) bool {
	list, _ := v.([]any)
	return isTextClaim(v) || len(list) > 0 && isTextsClaim(v)
}

// isIntegerClaim accepts whole numbers from 0 to 2^53-1, written as such: 1e3, 1000.0 and -0 are for floating point.
func isIntegerClaim(v any) bool {
	number, ok := v.(json.Number)
	if !ok {
		return false
	}
	n, err := number.Int64()
	return err == nil && n >= 0 && n < 1<<53 && number != "-0"
}

func isEpochsClaim(v any) bool {
	epochs, ok := v.(map[string]any)
	return ok && isIntegerClaim(epochs["tenant"]) && isIntegerClaim(epochs["user"])
}

func isActClaim(v any) bool {
	act, ok := v.(map[string]any)
	if !ok || !isTextClaim(act["sub"]) || !isTextClaim(act["tenant_id"]) {
		return false
	}
	_, ok = act["write"].(bool)
	return ok
}

// claimsOf takes the claims from what the strict reader read; their shapes have been checked.
func claimsOf(m map[string]any) Claims {
	c := Claims{
		Issuer: claimText(m["iss"]), Audience: claimTexts(m["aud"]), Subject: claimText(m["sub"]), TenantID: claimText(m["tenant_id"]),
		SessionID: claimText(m["sid"]), ID: claimText(m["jti"]), IssuedAt: claimTime(m["iat"]), ExpiresAt: claimTime(m["exp"]),
		AMR: claimTexts(m["amr"]), Roles: claimTexts(m["roles"]),
	}
	if m["auth_time"] != nil {
		c.AuthTime = claimTime(m["auth_time"])
	}
	if e, ok := m["epochs"].(map[string]any); ok {
		c.Epochs = &Epochs{Tenant: claimInteger(e["tenant"]), User: claimInteger(e["user"])}
	}
	if a, ok := m["act"].(map[string]any); ok {
		c.Act = &Act{Subject: claimText(a["sub"]), TenantID: claimText(a["tenant_id"]), Write: a["write"] == true}
	}
	return c
}

func claimText(v any) string {
	s, _ := v.(string)
	return s
}

// claimTexts reads a list of strings, or one string as a list of one.
func claimTexts(v any) (list []string) {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	items, _ := v.([]any)
	for _, item := range items {
		list = append(list, claimText(item))
	}
	return list
}

func claimInteger(v any) int64 {
	number, _ := v.(json.Number)
	n, _ := number.Int64()
	return n
}

func claimTime(v any) time.Time { return time.Unix(claimInteger(v), 0).UTC() }
