package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/api"
)

type changes struct {
	Name  api.Optional[string]   `json:"name" required:"false" maxLength:"8" minLength:"1"`
	Note  api.Optional[string]   `json:"note" required:"false" maxLength:"16"`
	Floor api.Optional[int]      `json:"floor" required:"false" minimum:"0" maximum:"9"`
	Tags  api.Optional[[]string] `json:"tags" required:"false" maxItems:"2"`
	Kind  api.Optional[string]   `json:"kind" required:"false" enum:"inner,outer"`
}

type changesInput struct {
	Name string `path:"name"`
	Body changes
}

func TestOptionalTellsAbsentFromNullFromAValue(t *testing.T) {
	c := config()
	a := api.New(c)
	op := complete()
	op.Access, op.Tenant = api.Anyone("it is a test"), api.Named
	op.Limit = api.Small
	var got changes
	api.Register(a, op, func(_ context.Context, in *changesInput) (*struct{}, error) {
		got = in.Body
		return nil, nil
	})
	for body, want := range map[string]changes{
		`{}`:                         {},
		`{"name":null}`:              {Name: api.Optional[string]{Sent: true, Null: true}},
		`{"name":"Help"}`:            {Name: api.Optional[string]{Sent: true, Value: "Help"}},
		`{"note":"","floor":0}`:      {Note: api.Optional[string]{Sent: true}, Floor: api.Optional[int]{Sent: true}},
		`{"note":"sixteen letters"}`: {Note: api.Optional[string]{Sent: true, Value: "sixteen letters"}},
		`{"tags":[]}`:                {Tags: api.Optional[[]string]{Sent: true, Value: []string{}}},
		`{"tags":null}`:              {Tags: api.Optional[[]string]{Sent: true, Null: true}},
		`{"kind":"inner"}`:           {Kind: api.Optional[string]{Sent: true, Value: "inner"}},
	} {
		got = changes{}
		if w := serve(a, http.MethodPatch, "/v1/roles/x", body); w.Code != 200 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
	// What is said of the field holds for its value: the limits of one are not those of another.
	for body, location := range map[string]string{
		`{"name":""}`:                  "body.name",
		`{"name":"nine long"}`:         "body.name",
		`{"note":"seventeen letters"}`: "body.note",
		`{"name":7}`:                   "body.name",
		`{"floor":10}`:                 "body.floor",
		`{"floor":"1"}`:                "body.floor",
		`{"tags":["a","b","c"]}`:       "body.tags",
		`{"tags":[7]}`:                 "body.tags[0]",
		`{"kind":"x"}`:                 "body.kind",
	} {
		w := serve(a, http.MethodPatch, "/v1/roles/x", body)
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 422 || len(p.Errors) != 1 || p.Errors[0].Location != location {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}
