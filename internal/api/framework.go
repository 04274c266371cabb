package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
)

// init replaces huma's own error document, which echoes the value it refused: a password would
// come back in the answer. These settings are huma's globals; they are the same for every API.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return problemOf(context.Background(), refusalOf(status, message, errs))
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return problemOf(ctx.Context(), refusalOf(status, message, errs))
	}
	huma.ErrorFormatter = withoutCause
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
}

// withoutCause leaves parsers' errors out of a message: they quote what they were given.
func withoutCause(format string, args ...any) string {
	for _, arg := range args {
		if _, isCause := arg.(error); isCause {
			return strings.TrimSuffix(format, ": %v")
		}
	}
	return fmt.Sprintf(format, args...)
}

// jsonFormat reads bodies that [readBody] has found to be strict JSON. What the decoder still refuses
// is told without its words, which name Go types and quote values.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		if json.Unmarshal(data, v) != nil {
			return errors.New("holds a value that its field cannot take")
		}
		return nil
	},
}

// refusalOf words what huma refused before a handler ran, or what it could not do.
func refusalOf(status int, message string, errs []error) error {
	if status >= http.StatusInternalServerError {
		return fault.ErrInternal.Because(errors.Join(append(errs, errors.New(message))...))
	}
	if len(errs) == 0 {
		return fault.ErrInvalid.At("body", "%s", message)
	}
	f := &fault.Error{Code: fault.ErrInvalid}
	for _, err := range errs[:min(len(errs), maxPlaces)] {
		f.Places = append(f.Places, placeOf(err))
	}
	if more := len(errs) - maxPlaces; more > 0 {
		f.Detail = fmt.Sprintf("%d more places are at fault", more)
	}
	return f
}

// maxPlaces bounds what a refusal lists: an answer must not be many times as large as the request.
const maxPlaces = 20

func placeOf(err error) fault.Place {
	var detailer huma.ErrorDetailer
	if !errors.As(err, &detailer) {
		return fault.Place{Location: "body", Message: "could not be read"}
	}
	d := detailer.ErrorDetail()
	message, _, _ := strings.Cut(d.Message, "invalid value: ") // what follows is a parser's
	if message == "" {
		message = "invalid value"
	}
	return fault.Place{Location: shortened(d.Location, 128), Message: message}
}

// shortened keeps what a stranger chose, such as the name of a field, from filling an answer.
func shortened(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}
