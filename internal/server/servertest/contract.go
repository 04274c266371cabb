package servertest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/usher-desk/usher/internal/server"
)

// contract is the program's API description, ready to judge answers.
type contract struct {
	router routers.Router

	mu       sync.Mutex
	compiler *jsonschema.Compiler // guarded by mu; it keeps what it has compiled, which takes longer than the call that is judged
}

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
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(description, tree); err != nil {
		t.Fatal(err)
	}
	return &contract{router: router, compiler: compiler}
}

// description is where the schemas lie that are compiled.
const description = "memory:openapi.json"

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
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: true},
	})
	if err == nil && r.Method != http.MethodHead {
		err = c.misshapen(route, a)
	}
	if err != nil {
		return fmt.Errorf("%s: %d is not as the API description says: %w", a.what, a.Status, err)
	}
	return nil
}

// misshapen tells how the body of an answer is not as the description says.
func (c *contract) misshapen(route *routers.Route, a *Answer) error {
	status := strconv.Itoa(a.Status)
	response := route.Operation.Responses.Value(status)
	if response == nil {
		status, response = "default", route.Operation.Responses.Default()
	}
	if len(response.Value.Content) == 0 {
		return nil
	}
	kind := a.Header.Get("Content-Type")
	if response.Value.Content.Get(kind) == nil {
		return fmt.Errorf("content of type %q", kind)
	}
	if media := response.Value.Content[kind]; media == nil || media.Schema == nil || !strings.HasSuffix(kind, "json") {
		return nil // a file, or text
	}
	schema, err := c.schema("paths", route.Path, strings.ToLower(route.Method), "responses", status, "content", kind, "schema")
	if err != nil {
		return err
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body))
	if err != nil {
		return err
	}
	return schema.Validate(body)
}

// schema is the one at a place of the description.
func (c *contract) schema(place ...string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	pointer := ""
	for _, name := range place { // RFC 6901, section 3
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	}
	return c.compiler.Compile(description + "#" + (&url.URL{Path: pointer}).EscapedPath())
}
