package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
)

// checkNulls refuses null in a body wherever the schema does not allow it. huma takes null in an
// optional field for a field that was left out, so that a client that means to take a value away
// would be told of success.
func checkNulls(registry huma.Registry, body *huma.RequestBody, text []byte) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return fault.ErrInvalid.At("body", "is not valid JSON")
	}
	return nullFinder{registry}.find(body.Content["application/json"].Schema, value, "")
}

// nullFinder walks a value along its schema.
type nullFinder struct{ registry huma.Registry }

func (f nullFinder) find(s *huma.Schema, value any, place string) error {
	for s != nil && s.Ref != "" {
		s = f.registry.SchemaFromRef(s.Ref)
	}
	if s == nil || len(s.OneOf) > 0 || len(s.AnyOf) > 0 {
		return nil // judged by the alternatives
	}
	switch v := value.(type) {
	case nil:
		if !s.Nullable && s.Type != "" {
			return fault.ErrInvalid.At("body"+place, "must not be null; leave it out to keep it as it is")
		}
	case map[string]any:
		return f.findInObject(s, v, place)
	case []any:
		for i, item := range v {
			if err := f.find(s.Items, item, fmt.Sprintf("%s[%d]", place, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f nullFinder) findInObject(s *huma.Schema, object map[string]any, place string) error {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		// A required field that is null is refused by the validation, which says what was expected.
		value, sent := object[name]
		if !sent || value == nil && slices.Contains(s.Required, name) {
			continue
		}
		if err := f.find(s.Properties[name], value, place+"."+name); err != nil {
			return err
		}
	}
	return nil
}
