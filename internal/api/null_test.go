package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
)

type renaming struct {
	Body struct {
		Name  *string              `json:"name,omitempty" maxLength:"8"`
		Tags  []string             `json:"tags" required:"false" maxItems:"2"`
		Place *struct{ Floor int } `json:"place,omitempty"`
		Note  api.Optional[string] `json:"note" required:"false"`
	}
}

// Somebody who sends null means to take a value away. Where that cannot be, they are told; where it
// can, it is done.
func TestNullIsRefusedWhereItMeansNothing(t *testing.T) {
	a := api.New(config())
	op := complete()
	op.Access, op.Tenant, op.Path = api.Anyone("it is a test"), api.Named, "/v1/x"
	op.Limit = api.Small
	api.Register(a, op, func(context.Context, *renaming) (*struct{}, error) { return nil, nil })
	for body, location := range map[string]string{
		`{"name":null}`:            "body.name",
		`{"tags":null}`:            "body.tags",
		`{"tags":["a",null]}`:      "body.tags[1]",
		`{"place":null}`:           "body.place",
		`{"place":{"Floor":null}}`: "body.place.Floor",
		`null`:                     "body",
	} {
		w := serve(a, http.MethodPatch, "/v1/x", body)
		if w.Code != 422 || !strings.Contains(w.Body.String(), `"location":"`+location+`"`) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	for _, body := range []string{`{}`, `{"note":null}`, `{"name":"Help","tags":[]}`} {
		if w := serve(a, http.MethodPatch, "/v1/x", body); w.Code != 200 && w.Code != 204 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}
