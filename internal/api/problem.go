package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Problem is the body of every refusal (RFC 9457).
type Problem struct {
	Type    string         `json:"type" doc:"Where the code is explained" example:"https://desk.example/docs/errors#out_of_scope"`
	Title   string         `json:"title" doc:"One sentence for people, in the language of Accept-Language"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail,omitempty" doc:"What was refused here, and what would help"`
	Code    string         `json:"code" doc:"Stable; docs/errors.md lists all" example:"out_of_scope"`
	Request string         `json:"request,omitempty" doc:"The request id, also in the log"`
	Errors  []ProblemPlace `json:"errors,omitempty" doc:"Each place in the request that is at fault"`

	headers http.Header
}

// ProblemPlace is one thing wrong at one place of a request. The value found there is never echoed.
type ProblemPlace struct {
	Location string `json:"location" example:"body.permissions[2]"`
	Message  string `json:"message"`
}

// Error makes a problem an error that huma writes as it is.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers that go with the refusal.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.Unconditional:   http.StatusPreconditionRequired,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// Status is the HTTP status of a kind of fault.
func Status(k fault.Kind) int { return statuses[k] }

// problemOf turns any error into the document that the caller sees, notes its code for the record,
// and logs what the caller must not see.
func problemOf(ctx context.Context, err error) *Problem {
	f := faultOf(err)
	call := CallFrom(ctx)
	if f.Code.Kind == fault.Internal || f.Code.Kind == fault.Unavailable {
		slog.ErrorContext(ctx, "request failed", "code", f.Code.Name, "request", call.request(), "cause", f.Cause)
	}
	p := &Problem{
		Type:    call.errorsURL() + "#" + f.Code.Name,
		Title:   f.Code.EN,
		Status:  Status(f.Code.Kind),
		Detail:  f.Detail,
		Code:    f.Code.Name,
		Request: call.request(),
		headers: headersOf(f),
	}
	if call.prefersChinese() {
		p.Title = f.Code.ZH
	}
	for _, place := range f.Places {
		p.Errors = append(p.Errors, ProblemPlace(place))
	}
	if call != nil {
		call.Code = p.Code
	}
	return p
}

// faultOf finds the fault, giving the store's failures the codes that callers know.
func faultOf(err error) *fault.Error {
	var f *fault.Error
	var c *fault.Code
	switch {
	case errors.As(err, &f) || errors.As(err, &c):
		return fault.From(err)
	case errors.Is(err, store.ErrNotFound):
		return fault.ErrNotFound.Because(err)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		e := fault.ErrUnavailable.Because(err)
		e.RetryAfter = retryLater
		return e
	}
	return fault.From(err)
}

func headersOf(f *fault.Error) http.Header {
	h := http.Header{}
	if f.RetryAfter > 0 {
		h.Set("Retry-After", fmt.Sprint(int64(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if f.Current > 0 {
		h.Set("ETag", ETag(f.Current))
	}
	if f.Code.Kind == fault.Unauthenticated {
		h.Set("WWW-Authenticate", challenge(f.Code))
	}
	return h
}

// challenge is RFC 6750: no error parameter when the call brought no token at all.
func challenge(c *fault.Code) string {
	if c == ErrUnauthenticated {
		return "Bearer"
	}
	return `Bearer error="invalid_token"`
}

func (c *Call) request() string {
	if c == nil {
		return ""
	}
	return c.Request
}

func (c *Call) errorsURL() string {
	if c == nil {
		return "/docs/errors"
	}
	return c.api.config.URL + "/docs/errors"
}

// prefersChinese looks at the first language of Accept-Language.
func (c *Call) prefersChinese() bool {
	return c != nil && strings.HasPrefix(strings.ToLower(strings.TrimSpace(c.languages)), "zh")
}

// init replaces huma's own error document, which echoes the value it refused: a password would
// come back in the answer. These settings are huma's globals; they are the same for every API.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return problemOf(context.Background(), refusalOf(status, message, errs))
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return problemOf(ctx.Context(), refusalOf(status, message, errs))
	}
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
}

// refusalOf words what huma refused before a handler ran.
func refusalOf(status int, message string, errs []error) error {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return fault.ErrTooLarge
	case http.StatusUnsupportedMediaType:
		return ErrMediaType
	case http.StatusRequestTimeout:
		return errSlowBody
	}
	if status >= http.StatusInternalServerError {
		return fault.ErrInternal.Because(errors.Join(append(errs, errors.New(message))...))
	}
	f := &fault.Error{Code: fault.ErrInvalid}
	for _, err := range errs {
		f.Places = append(f.Places, placeOf(err))
	}
	if len(errs) == 0 {
		f.Detail = message
	}
	return f
}

func placeOf(err error) fault.Place {
	var strict *textError
	if errors.As(err, &strict) {
		return fault.Place{Location: "body" + strict.place, Message: strict.message}
	}
	var detailer huma.ErrorDetailer
	if errors.As(err, &detailer) {
		d := detailer.ErrorDetail()
		return fault.Place{Location: d.Location, Message: d.Message}
	}
	return fault.Place{Location: "body", Message: "could not be read"}
}
