package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"time"

	"golang.org/x/text/language"

	"github.com/usher-desk/usher/internal/caller"
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

	Challenge          string    `json:"challenge,omitempty" doc:"With mfa_required and mfa_enrolment_required at sign-in: what the next step is asked with"`
	ChallengeExpiresAt time.Time `json:"challenge_expires_at,omitzero"`

	Holders     []ProblemHolder `json:"holders,omitempty" doc:"With exclusion_violated: up to 100 of the users who violate it, among those you may read"`
	HolderCount int             `json:"holder_count,omitempty" doc:"With exclusion_violated: how many users violate it, also those whom you may not read"`

	headers http.Header
}

// ProblemPlace is one thing wrong at one place of a request. The value found there is never echoed.
type ProblemPlace struct {
	Location string `json:"location" example:"body.permissions[2]"`
	Message  string `json:"message"`
}

// ProblemHolder is a user whose roles stand in the way.
type ProblemHolder struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles" doc:"Those in question, sorted"`
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
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.NotAllowed:      http.StatusMethodNotAllowed,
	fault.TooSlow:         http.StatusRequestTimeout,
	fault.TooLong:         http.StatusRequestURITooLong,
	fault.WrongProtocol:   http.StatusUpgradeRequired,
}

// Status is the HTTP status of a kind of fault.
func Status(k fault.Kind) int { return statuses[k] }

// logFailure tells the operator what went wrong. A caller who went away meanwhile is no failure of the program: nobody
// needs to be woken for it.
func logFailure(ctx context.Context, f *fault.Error) {
	level, said := slog.LevelError, "request failed"
	if f.Code == errGone {
		level, said = slog.LevelInfo, "the caller went away"
	}
	slog.Log(ctx, level, said, "code", f.Code.Name, "request", CallFrom(ctx).request(), "cause", f.Cause)
}

// gone reports whether the caller has gone away, and nothing else made the call fail.
func gone(ctx context.Context, f *fault.Error) bool {
	return errors.Is(ctx.Err(), context.Canceled) && errors.Is(f.Cause, context.Canceled)
}

// problemOf turns any error into the document that the caller sees, notes its code for the record,
// and logs what the caller must not see.
func problemOf(ctx context.Context, err error) *Problem {
	f := faultOf(err)
	call := CallFrom(ctx)
	if f.Code.Kind == fault.Internal || f.Code.Kind == fault.Unavailable && f.Cause != nil {
		if gone(ctx, f) {
			f = errGone.Because(f.Cause)
		}
		logFailure(ctx, f)
	}
	p := &Problem{
		Type:    call.errorsURL() + "#" + f.Code.Name,
		Title:   f.Code.EN,
		Status:  Status(f.Code.Kind),
		Detail:  f.Detail,
		Code:    f.Code.Name,
		Request: call.request(),
		headers: call.headersOf(f),
	}
	if call.prefersChinese() {
		p.Title = f.Code.ZH
	}
	for _, place := range f.Places {
		p.Errors = append(p.Errors, ProblemPlace(place))
	}
	if f.Challenge != nil {
		p.Challenge, p.ChallengeExpiresAt = f.Challenge.Text, f.Challenge.ExpiresAt
	}
	p.hold(f.Holders)
	if call != nil {
		call.Code = p.Code
	}
	return p
}

func (p *Problem) hold(h *fault.Holders) {
	if h == nil {
		return
	}
	p.HolderCount = h.Count
	for _, one := range h.Seen {
		p.Holders = append(p.Holders, ProblemHolder(one))
	}
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
		return fault.ErrUnavailable.Because(err)
	}
	return fault.From(err)
}

func (c *Call) headersOf(f *fault.Error) http.Header {
	h := http.Header{}
	switch f.Code.Kind {
	case fault.TooMany, fault.Unavailable:
		h.Set("Retry-After", fmt.Sprint(int64(math.Ceil(cmp.Or(f.RetryAfter, retryLater).Seconds()))))
	case fault.Unauthenticated:
		h.Set("WWW-Authenticate", c.challenge(f.Code))
	case fault.WrongProtocol: // RFC 9110, section 15.5.22; RFC 6455, section 4.4
		h.Set("Connection", "Upgrade")
		h.Set("Upgrade", "websocket")
		h.Set("Sec-WebSocket-Version", socketVersion)
	}
	if f.Current > 0 {
		h.Set("ETag", ETag(f.Current))
	}
	return h
}

// challenge is RFC 6750, section 3: no error parameter when the call brought no token. A token that is
// good and proves too little is RFC 9470, section 3: renewing it does not help.
func (c *Call) challenge(code *fault.Code) string {
	switch {
	case c == nil || !c.token:
		return "Bearer"
	case code == caller.ErrStepUp:
		return fmt.Sprintf(`Bearer error="insufficient_user_authentication", max_age=%d`, int(caller.StepUpAge.Seconds()))
	case c.Caller != nil && code != ErrUnauthenticated:
		return `Bearer error="insufficient_user_authentication"`
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

// languages are those that titles are written in; the first is for everybody who reads neither.
var languages = language.NewMatcher([]language.Tag{language.English, language.Chinese})

func (c *Call) prefersChinese() bool {
	if c == nil {
		return false
	}
	wanted, _, err := language.ParseAcceptLanguage(c.languages)
	_, best, _ := languages.Match(wanted...)
	return err == nil && best == 1
}
