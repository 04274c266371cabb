package policy

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// RoleEntry is one role of a user as a request says it: its name alone, or with an expiry and
// departments.
type RoleEntry struct {
	Role        string
	ExpiresAt   *time.Time // nil: never
	Departments []string   // nil: the user's

	bare bool // the name alone was sent
}

// roleEntryJSON is the long form.
type roleEntryJSON struct {
	Role        string     `json:"role" maxLength:"64"`
	ExpiresAt   *time.Time `json:"expires_at" required:"false" doc:"From this instant on it grants nothing; null or absent: never"`
	Departments []string   `json:"departments" required:"false" nullable:"true" maxItems:"1000" maxLength:"64" doc:"What its department scopes reach; null or absent: the user's departments; empty: none"`
}

// UnmarshalJSON reads both forms.
func (e *RoleEntry) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		*e = RoleEntry{bare: true}
		return json.Unmarshal(data, &e.Role)
	}
	var long roleEntryJSON
	if err := json.Unmarshal(data, &long); err != nil {
		return err
	}
	*e = RoleEntry{Role: long.Role, ExpiresAt: long.ExpiresAt, Departments: long.Departments}
	return nil
}

// Schema describes both forms.
func (RoleEntry) Schema(r huma.Registry) *huma.Schema {
	longest := 64
	name := &huma.Schema{Type: huma.TypeString, MaxLength: &longest}
	name.PrecomputeMessages()
	return &huma.Schema{OneOf: []*huma.Schema{name, r.Schema(reflect.TypeFor[roleEntryJSON](), true, "RoleEntry")}}
}

// AssignmentJSON is one role of a user as answers say it.
type AssignmentJSON struct {
	ID          string     `json:"id"`
	Role        string     `json:"role"`
	ExpiresAt   *time.Time `json:"expires_at" doc:"From this instant on it grants nothing; null: never"`
	Departments []string   `json:"departments" nullable:"true" doc:"What its department scopes reach; null: the user's departments"`
}

// JSON is the assignment as answers say it.
func (a Assignment) JSON() AssignmentJSON {
	out := AssignmentJSON{ID: a.ID, Role: a.Role, Departments: a.Departments}
	if !a.ExpiresAt.IsZero() {
		out.ExpiresAt = &a.ExpiresAt
	}
	return out
}
