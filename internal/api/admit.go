package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// admit runs for every operation before its input is decoded: who calls, may they call it at all,
// and is what they sent fit to be read?
func (a *API) admit(hc huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(hc)
	call := CallFrom(r.Context())
	call.Operation = hc.Operation().Metadata[operationKey].(*Operation)

	// Whoever sends slowly must not hold a connection for long, also when refused. A file has more time
	// once the handler wants it.
	control := http.NewResponseController(w)
	hurry(control, r, min(call.Operation.Limit.Read, Ordinary.Read))
	ctx, err := a.examine(r, call)
	switch {
	case err != nil:
	case call.Operation.takes != nil:
		call.upload, err = a.newUpload(call, r, control)
	default:
		ctx, err = a.takeBody(ctx, r, call, control, hc.Operation().RequestBody)
	}
	if err != nil {
		w.(*heldAnswer).replace(problemOf(hc.Context(), err))
		return
	}
	r.Header.Del("Accept") // answers are JSON, whatever is asked for
	next(huma.WithContext(hc, ctx))
}

// takeBody reads the body and returns the context with the caller as they are by then: who is thrown out
// must not finish what they have begun to send.
func (a *API) takeBody(ctx context.Context, r *http.Request, call *Call, control *http.ResponseController, described *huma.RequestBody) (context.Context, error) {
	hurry(control, r, min(call.Operation.Limit.Read, Ordinary.Read)) // to examine the rest may have taken a while
	if err := a.readBody(r, call.Operation.Limit, described); err != nil {
		return nil, err
	}
	_ = control.SetReadDeadline(time.Time{})
	if r.ContentLength == 0 {
		return ctx, nil
	}
	return a.authenticate(r.Context(), call, r.Header)
}

// examine looks at everything but the body. The caller comes first, so that the record of what is
// refused afterwards names its author.
func (a *API) examine(r *http.Request, call *Call) (context.Context, error) {
	if err := a.checkTransport(r); err != nil {
		return nil, err
	}
	if err := checkSingle(r.Header, "Authorization"); err != nil {
		return nil, err
	}
	ctx, err := a.authenticate(r.Context(), call, r.Header)
	if err != nil {
		return nil, err
	}
	if err := call.Operation.socket.check(r); err != nil {
		return nil, err
	}
	if err := checkSingle(r.Header, "Content-Type", "Content-Encoding", "Content-Disposition", "If-Match", "Origin"); err != nil {
		return nil, err
	}
	if o := r.Header.Get("Origin"); call.Operation.SameOrigin && o != "" && o != a.config.URL {
		return nil, errOrigin
	}
	if err := checkAddress(r.URL); err != nil {
		return nil, err
	}
	return ctx, a.room(call.Operation)
}

// checkSingle refuses headers that decide something and stand twice: a proxy in front may have
// looked at the other one.
func checkSingle(h http.Header, names ...string) error {
	for _, name := range names {
		if len(h.Values(name)) > 1 {
			return fault.ErrInvalid.At("header."+name, "stands twice")
		}
	}
	return nil
}

func (a *API) authenticate(ctx context.Context, call *Call, h http.Header) (context.Context, error) {
	if call.Operation.Access.anyone && !call.Machine {
		return ctx, nil
	}
	who, err := a.identify(ctx, call, h)
	if err != nil {
		return nil, err
	}
	call.Caller = who
	if who.Visit != nil {
		ActingFor(ctx, "tenant", who.Tenant)
	}
	if err := a.paced(ctx, call); err != nil {
		return nil, err
	}
	return caller.With(ctx, who), mayCall(who, call.Operation)
}

// mayCall asks of the caller what the operation says about itself. What is missing most comes first:
// an enrolment that is due, as during sign-in, and then a password of one's own; being a user at all, a
// permission, a fresh second factor.
func mayCall(who *caller.Caller, op *Operation) error {
	switch {
	case who.MustEnrol && !op.Enrolling:
		return caller.ErrMustEnrol
	case who.MustChangePassword && !who.MustEnrol && !op.ChangesPassword:
		return caller.ErrMustChangePassword
	}
	if err := op.admits(who.Visit); err != nil {
		return err
	}
	if err := who.May(op.Access.permissions...); err != nil || !op.StepUp {
		return err
	}
	return who.StepUp()
}

// identify finds the caller by the one credential that came along, or by the way that the request came.
func (a *API) identify(ctx context.Context, call *Call, h http.Header) (*caller.Caller, error) {
	if call.Machine {
		return a.machine(ctx, call, h)
	}
	token, found := bearer(h.Get("Authorization"))
	ticket, err := call.Operation.socket.ticket(h)
	switch {
	case err != nil:
		return nil, err
	case ticket != "" && h.Get("Authorization") != "":
		return nil, errBadHandshake.With("a token and a ticket came together: send one")
	case ticket != "":
		call.token, call.ticket = true, ticket
		return call.Operation.socket.Identify(ctx, ticket)
	case !found:
		return nil, ErrUnauthenticated
	}
	call.token = true
	return a.config.Authenticate(ctx, token)
}

// bearer cuts the token out of an Authorization header (RFC 6750, section 2.1).
func bearer(authorization string) (string, bool) {
	scheme, token, found := strings.Cut(authorization, " ")
	return token, found && strings.EqualFold(scheme, "Bearer") && token != ""
}
