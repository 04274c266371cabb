package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
)

// readBody takes in the whole body and leaves it in its place for huma, whose own reading is less
// exact: it refuses a body of exactly the limit, and answers one that broke off with 500. What an
// operation uses must be strict JSON; what it does not use is only taken off the connection.
func (a *API) readBody(r *http.Request, limit Limit, described *huma.RequestBody) error {
	if r.ContentLength > limit.Body {
		return fault.ErrTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit.Body+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlowBody
	case err != nil:
		return fault.ErrInvalid.At("body", "broke off before its end")
	case int64(len(body)) > limit.Body:
		return fault.ErrTooLarge
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if described == nil || len(body) == 0 {
		return nil // huma knows whether there must be one
	}
	if !declaresJSON(r.Header) {
		return errMediaType
	}
	if err := CheckJSON(body); err != nil {
		return err
	}
	return checkNulls(a.huma.OpenAPI().Components.Schemas, described, body)
}

// declaresJSON demands what a page of another site cannot send without asking first: browsers send
// forms, plain text and bodies without a type to anybody.
func declaresJSON(h http.Header) bool {
	kind, ok := declaredType(h)
	return ok && kind == "application/json"
}
