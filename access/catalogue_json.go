package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// ParseCatalogue reads the JSON form of a catalogue: an object with the
// resources by name. Their order is kept, for it is the order in which people
// see them. A field that a resource does not have is an error.
func ParseCatalogue(data []byte) (*Catalogue, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	resources, err := decodeResources(decoder)
	if err != nil {
		return nil, fmt.Errorf("access: catalogue: %w", err)
	}
	return NewCatalogue(resources...)
}

func decodeResources(decoder *json.Decoder) ([]Resource, error) {
	start, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	if start != json.Delim('{') {
		return nil, fmt.Errorf("expected an object of resources, found %v", start)
	}
	var resources []Resource
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		r := Resource{Name: name.(string)}
		if err := decoder.Decode(&r); err != nil {
			return nil, fmt.Errorf("resource %q: %w", name, err)
		}
		resources = append(resources, r)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	if extra, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("expected the end, found %v", extra)
	}
	return resources, nil
}

// MarshalJSON writes the form that [ParseCatalogue] reads.
func (c *Catalogue) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, r := range c.resources {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", r.Name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
