package console

import (
	"net/http"
	"strings"
)

// policy is what browsers let a page do: load and call its own origin, and nothing else.
type policy struct{ content string }

// policyFor makes the policy of pages at a public address. Safari before 15.4 does not count a WebSocket of the own
// origin as 'self', so that it is named. Styles that a component makes while it runs carry the nonce of their page; scripts
// come from files alone.
func policyFor(url string) policy {
	socket := "ws" + strings.TrimPrefix(url, "http")
	return policy{strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self' 'nonce-{{nonce}}'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"connect-src 'self' " + socket,
		"manifest-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")}
}

func (p policy) write(h http.Header, nonce string) {
	h.Set("Content-Security-Policy", strings.Replace(p.content, string(noncePlace), nonce, 1))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer") // links to passwords and tenants stand in addresses
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
}
