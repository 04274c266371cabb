package console

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"strings"
)

// noncePlace stands in the page where its nonce belongs.
var noncePlace = []byte("{{nonce}}")

// pageHandler answers navigation with a page. It is never kept: it names the scripts of this build, and
// carries a nonce of its own.
type pageHandler struct {
	text   []byte
	policy policy
}

func (p *pageHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !navigates(r) {
		http.NotFound(w, r) // a script that has been replaced must not be answered with a page
		return
	}
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept")
	p.policy.write(h, nonce)
	_, _ = w.Write(bytes.ReplaceAll(p.text, noncePlace, []byte(nonce))) // a reader that left hears nothing
}

// navigates tells whether somebody goes to an address, rather than a script asks for data.
func navigates(r *http.Request) bool {
	for _, accepted := range r.Header.Values("Accept") {
		if strings.Contains(accepted, "text/html") {
			return true
		}
	}
	return false
}
