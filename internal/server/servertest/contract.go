package servertest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/usher-desk/usher/internal/server"
)

// contract is the program's API description, ready to judge answers.
type contract struct{ router routers.Router }

// described is the contract of every server of this process, read when the first of them starts: they differ in
// their addresses alone.
var described struct {
	sync.Mutex
	*contract
}

func contractOf(t testing.TB, s *server.Server) *contract {
	t.Helper()
	described.Lock()
	defer described.Unlock()
	if described.contract == nil {
		described.contract = newContract(t, s)
	}
	return described.contract
}

func newContract(t testing.TB, s *server.Server) *contract {
	t.Helper()
	text, err := s.API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil // its operations are found at whatever address
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &contract{router}
}

// contradicted tells how an answer of an operation is not as the description says; nil when it is.
func (c *contract) contradicted(r *http.Request, a *Answer) error {
	route, parameters, err := c.router.FindRoute(r)
	if err != nil {
		return nil // not an operation
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route},
		Status:                 a.Status,
		Header:                 a.Header,
		Body:                   io.NopCloser(bytes.NewReader(a.Body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err != nil {
		return fmt.Errorf("%s: %d is not as the API description says: %w", a.what, a.Status, err)
	}
	return nil
}
