package api_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/api"
)

type lamp struct {
	Colour string `json:"colour"`
}

func TestWhatMayBeMissingIsAnObjectOrNull(t *testing.T) {
	type desk struct {
		Lamp api.OrNull[lamp] `json:"lamp" doc:"Null in the dark"`
	}
	for want, value := range map[string]desk{
		`{"lamp":{"colour":"red"}}`: {api.OrNull[lamp]{Value: &lamp{"red"}}},
		`{"lamp":null}`:             {},
	} {
		if text, err := json.Marshal(value); err != nil || string(text) != want {
			t.Errorf("%s, %v; want %s", text, err, want)
		}
	}
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	text, err := json.Marshal(registry.SchemaFromRef(registry.Schema(reflect.TypeFor[desk](), true, "").Ref).Properties["lamp"])
	var s struct {
		Type       []string
		Properties map[string]any
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil || len(s.Type) != 2 || s.Type[0] != "object" || s.Type[1] != "null" || s.Properties["colour"] == nil {
		t.Errorf("described as %s, %v", text, err)
	}
}
