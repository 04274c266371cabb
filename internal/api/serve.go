package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// ServeHTTP runs one request from acceptance to answer. The answer is held back until its record
// is kept.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Nobody may hold a connection by sending nothing, whatever they asked for. Operations set a limit
	// of their own.
	control := http.NewResponseController(w)
	hurry(control, r, Small.Read)
	call := a.accept(r)
	answer := hold(w, call.Request, a.secure())
	call.answer = answer
	ctx := withCall(r.Context(), call)
	a.run(answer, r.WithContext(ctx))
	a.conclude(ctx, answer)
	a.observe(call, answer.status)
	if call.finished(answer) || call.upgraded(answer, r.WithContext(ctx)) {
		return
	}
	_ = control.SetWriteDeadline(time.Now().Add(writeTime)) // nor by reading nothing
	if call.downloaded(answer, control) {
		return
	}
	answer.release()
}

// hurry bounds how long it may take until a body has come. What has come as a whole has no bound any more: when a
// connection runs out of time while an answer is waited for, net/http ends the context of this request and of every
// later one on the connection. Only what is no connection cannot have a bound.
func hurry(control *http.ResponseController, r *http.Request, d time.Duration) {
	var end time.Time
	if r.Body != http.NoBody {
		end = time.Now().Add(d)
	}
	_ = control.SetReadDeadline(end)
}

// writeTime is how long a client may take to read an answer.
const writeTime = 30 * time.Second

func (a *API) accept(r *http.Request) *Call {
	now := a.config.Now()
	id := store.NewID(now)
	return &Call{
		ID:        id,
		Request:   id,
		Started:   now,
		Machine:   fromMachine(r.Context()),
		Address:   a.config.Proxies.client(r),
		UserAgent: strings.ToValidUTF8(r.UserAgent()[:min(len(r.UserAgent()), 512)], ""), // headers may hold any bytes
		api:       a,
		began:     time.Now(),
		languages: r.Header.Get("Accept-Language"),
	}
}

// run lets the mux answer, and answers itself when the handler panics or there is no route.
func (a *API) run(answer *heldAnswer, r *http.Request) {
	ctx := r.Context()
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "panic", "request", CallFrom(ctx).Request, "panic", p, "stack", string(debug.Stack()))
			CallFrom(ctx).Panicked = true
			answer.replace(problemOf(ctx, fault.ErrInternal.Because(fmt.Errorf("panic: %v", p))))
		}
	}()
	if !canonicalPath(r.URL) {
		answer.replace(problemOf(ctx, errNoRoute))
		return
	}
	a.mux.ServeHTTP(answer, r)
	if CallFrom(ctx).Operation == nil && strings.HasPrefix(answer.header.Get("Content-Type"), "text/plain") {
		explainMiss(ctx, answer)
	}
}

// explainMiss turns the mux's own plain text into a problem.
func explainMiss(ctx context.Context, answer *heldAnswer) {
	switch answer.status {
	case http.StatusNotFound:
		answer.replace(problemOf(ctx, errNoRoute))
	case http.StatusMethodNotAllowed:
		p := problemOf(ctx, errMethod)
		p.headers["Allow"] = answer.header["Allow"]
		answer.replace(p)
	}
}

// conclude keeps the record of an operation. Where that fails, the answer becomes 503, unless a token
// was refused: nothing was done, and 503 would have the client try the same token again.
func (a *API) conclude(ctx context.Context, answer *heldAnswer) {
	call := CallFrom(ctx)
	if call.Operation == nil {
		return
	}
	call.Status = answer.status
	// The record is kept also when the caller has gone away.
	if err := a.config.Record(context.WithoutCancel(ctx), call); err != nil {
		if answer.status == http.StatusUnauthorized && call.refusedAtTheDoor() {
			slog.ErrorContext(ctx, "a refusal was not recorded", "request", call.Request, "cause", err)
			return
		}
		answer.replace(problemOf(ctx, fault.ErrUnavailable.Because(fmt.Errorf("keeping the record: %w", err))))
		return
	}
	if call.Recorded {
		answer.header.Set("Audit-Record", call.ID)
	}
}

// refusedAtTheDoor tells whether the operation demands a caller and none was found. A wrong password is
// something else: whoever tries one learns nothing that is not on the record.
func (c *Call) refusedAtTheDoor() bool { return c.Caller == nil && !c.Operation.Access.anyone }
