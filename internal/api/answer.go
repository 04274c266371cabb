package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// heldAnswer keeps an answer in memory until it may leave.
type heldAnswer struct {
	http.ResponseWriter
	request string
	secure  bool // the public address is https
	header  http.Header
	status  int
	body    bytes.Buffer
}

func hold(w http.ResponseWriter, request string, secure bool) *heldAnswer {
	h := &heldAnswer{ResponseWriter: w, request: request, secure: secure}
	h.reset()
	return h
}

// reset leaves what every answer has.
func (h *heldAnswer) reset() {
	h.body.Reset()
	h.status = http.StatusOK
	h.header = http.Header{}
	h.header.Set("X-Request-Id", h.request)
	h.header.Set("X-Content-Type-Options", "nosniff")
	h.header.Set("Cache-Control", "no-store")
	if h.secure {
		h.header.Set("Strict-Transport-Security", onlyHTTPS)
	}
}

// onlyHTTPS has browsers come to this name over https alone for a year from now on (RFC 6797). Names below it are
// somebody else's to decide about. Who hears it over http leaves it unheard.
const onlyHTTPS = "max-age=31536000"

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }
func (h *heldAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// replace drops what was held in favour of a problem: no cookie, tag or text of an operation that
// did not happen may survive.
func (h *heldAnswer) replace(p *Problem) {
	h.reset()
	for name, values := range p.headers {
		h.header[name] = values
	}
	h.header.Set("Content-Type", problemType)
	h.status = p.Status
	if err := json.NewEncoder(&h.body).Encode(p); err != nil {
		panic(fmt.Errorf("api: a problem that cannot be written: %w", err))
	}
}

// lend gives the headers to whoever answers in the place of release.
func (h *heldAnswer) lend() http.ResponseWriter {
	maps.Copy(h.ResponseWriter.Header(), h.header)
	return h.ResponseWriter
}

// release sends the answer.
func (h *heldAnswer) release() {
	h.lend()
	if h.status == http.StatusNoContent || h.status == http.StatusNotModified {
		h.ResponseWriter.WriteHeader(h.status)
		return
	}
	h.ResponseWriter.Header().Set("Content-Length", strconv.Itoa(h.body.Len()))
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // a caller that went away has nothing to be told
}
