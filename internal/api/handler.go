package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// ServeHTTP runs one request from acceptance to answer. The answer is held back until its record
// is kept.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := a.accept(r)
	answer := &heldAnswer{ResponseWriter: w, header: http.Header{}, status: http.StatusOK}
	answer.header.Set("X-Request-Id", call.Request)
	answer.header.Set("X-Content-Type-Options", "nosniff")
	answer.header.Set("Cache-Control", "no-store")
	ctx := withCall(r.Context(), call)
	a.run(ctx, answer, r.WithContext(ctx))
	a.conclude(ctx, answer)
	answer.release()
}

func (a *API) accept(r *http.Request) *Call {
	now := time.Now()
	id := store.NewID(now)
	call := &Call{ID: id, Request: id, Started: now, UserAgent: r.UserAgent(), api: a, languages: r.Header.Get("Accept-Language")}
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		call.Address = peer.Addr().Unmap()
	}
	return call
}

// run lets the mux answer, and answers itself when the handler panics or there is no route.
func (a *API) run(ctx context.Context, answer *heldAnswer, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "panic", "request", CallFrom(ctx).Request, "panic", p, "stack", string(debug.Stack()))
			CallFrom(ctx).Panicked = true
			answer.replace(problemOf(ctx, fault.ErrInternal.Because(fmt.Errorf("panic: %v", p))))
		}
	}()
	if !cleanText(r.URL.Path) || !cleanText(r.URL.RawQuery) || !cleanQuery(r) {
		answer.replace(problemOf(ctx, errText))
		return
	}
	a.mux.ServeHTTP(answer, r)
	if CallFrom(ctx).Operation == nil && strings.HasPrefix(answer.header.Get("Content-Type"), "text/plain") {
		a.explainMiss(ctx, answer)
	}
}

// explainMiss turns the mux's own plain text into a problem.
func (a *API) explainMiss(ctx context.Context, answer *heldAnswer) {
	switch answer.status {
	case http.StatusNotFound:
		answer.replace(problemOf(ctx, errNoRoute))
	case http.StatusMethodNotAllowed:
		p := problemOf(ctx, errMethod)
		p.Status = http.StatusMethodNotAllowed
		answer.replace(p)
	}
}

// cleanText refuses what no operation takes, before anything looks at it.
func cleanText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func cleanQuery(r *http.Request) bool {
	for _, values := range r.URL.Query() {
		for _, v := range values {
			if !cleanText(v) {
				return false
			}
		}
	}
	return true
}

// admit runs for every operation before its input is read: who calls, and may they call it at all.
func (a *API) admit(hc huma.Context, next func(huma.Context)) {
	call := CallFrom(hc.Context())
	call.Operation = hc.Operation().Metadata[operationKey].(*Operation)
	call.StepUp = stepUp(call.Operation)
	if o := hc.Header("Origin"); call.Operation.SameOrigin && o != "" && o != a.config.URL {
		a.refuse(hc, errOrigin)
		return
	}
	ctx, err := a.authenticate(hc.Context(), call, hc.Header("Authorization"))
	if err != nil {
		a.refuse(hc, err)
		return
	}
	next(huma.WithContext(hc, ctx))
}

func (a *API) authenticate(ctx context.Context, call *Call, authorization string) (context.Context, error) {
	if call.Operation.Access.anyone {
		return ctx, nil
	}
	token, ok := bearer(authorization)
	if !ok {
		return nil, ErrUnauthenticated
	}
	who, err := a.config.Authenticate(ctx, token)
	if err != nil {
		return nil, err
	}
	call.Caller = who
	if err := who.May(call.Operation.Access.permissions...); err != nil {
		return nil, err
	}
	return caller.With(ctx, who), nil
}

// bearer cuts the token out of an Authorization header (RFC 6750, section 2.1).
func bearer(authorization string) (string, bool) {
	scheme, token, found := strings.Cut(authorization, " ")
	return token, found && strings.EqualFold(scheme, "Bearer") && token != ""
}

// stepUp is the one place that decides what a high-risk operation demands of the caller's second
// factor. Second factors cannot be given yet: such operations pass, and their records say so.
func stepUp(op *Operation) trail.StepUp {
	if op.HighRisk() {
		return trail.StepUpNone
	}
	return ""
}

func (a *API) refuse(hc huma.Context, err error) {
	p := problemOf(hc.Context(), err)
	for name, values := range p.headers {
		hc.SetHeader(name, values[0])
	}
	hc.SetHeader("Content-Type", problemType)
	hc.SetStatus(p.Status)
	_ = json.NewEncoder(hc.BodyWriter()).Encode(p) // into the held answer, which takes everything
}

// conclude keeps the record of an operation. Where that fails, the answer becomes 503.
func (a *API) conclude(ctx context.Context, answer *heldAnswer) {
	call := CallFrom(ctx)
	if call.Operation == nil {
		return
	}
	call.Status = answer.status
	// The record is kept also when the caller has gone away.
	if err := a.config.Record(context.WithoutCancel(ctx), call); err != nil {
		answer.replace(problemOf(ctx, fault.ErrUnavailable.Because(fmt.Errorf("keeping the record: %w", err))))
		return
	}
	if call.Recorded {
		answer.header.Set("Audit-Record", call.ID)
	}
}

// heldAnswer keeps an answer in memory until it may leave.
type heldAnswer struct {
	http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }
func (h *heldAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// replace drops what was held in favour of a problem.
func (h *heldAnswer) replace(p *Problem) {
	h.body.Reset()
	h.header.Del("Set-Cookie") // a cookie of an operation that did not happen must not survive
	for name, values := range p.headers {
		h.header[name] = values
	}
	h.header.Set("Content-Type", problemType)
	h.status = p.Status
	if err := json.NewEncoder(&h.body).Encode(p); err != nil {
		panic(errors.Join(errors.New("api: a problem that cannot be written"), err))
	}
}

func (h *heldAnswer) release() {
	for name, values := range h.header {
		h.ResponseWriter.Header()[name] = values
	}
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // a caller that went away has nothing to be told
}
