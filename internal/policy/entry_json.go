package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
)

// RoleEntry is one role of a user as a request says it: its name alone, or with an expiry and
// departments.
type RoleEntry struct {
	Role        string
	ExpiresAt   *time.Time // nil: never
	Departments []string   // nil: the user's

	bare  bool          // the name alone was sent
	wrong []fault.Place // below the entry; nothing else is known of one that cannot be read
}

// roleEntryJSON is the long form.
type roleEntryJSON struct {
	Role        string     `json:"role" maxLength:"64"`
	ExpiresAt   *time.Time `json:"expires_at" required:"false" doc:"From this instant on it grants nothing; null or absent: never"`
	Departments []string   `json:"departments" required:"false" nullable:"true" maxItems:"1000" maxLength:"64" doc:"What its department scopes reach; null or absent: the user's departments; empty: none"`
}

// longestName is how many characters a role's name may have.
var longestName = 64

// entryForms and longForm are the long form as a schema that values are held against.
var (
	entryForms = huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	longForm   = entryForms.Schema(reflect.TypeFor[roleEntryJSON](), true, "RoleEntry")
)

// UnmarshalJSON reads both forms. What is wrong with an entry stays with it, for [ParseAssignments] to
// say where it stands.
func (e *RoleEntry) UnmarshalJSON(data []byte) error {
	var sent any
	err := json.Unmarshal(data, &sent)
	if err != nil {
		return err
	}
	switch v := sent.(type) {
	case string:
		*e = bareEntry(v)
	case map[string]any:
		*e, err = longEntry(v, data)
	default:
		*e = RoleEntry{wrong: []fault.Place{{Message: "expected the name of a role, or an object with role, expires_at and departments"}}}
	}
	return err
}

func bareEntry(role string) RoleEntry {
	if utf8.RuneCountInString(role) > longestName {
		return RoleEntry{wrong: []fault.Place{{Message: fmt.Sprintf("expected at most %d characters", longestName)}}}
	}
	return RoleEntry{Role: role, bare: true}
}

func longEntry(sent map[string]any, data []byte) (e RoleEntry, err error) {
	var found huma.ValidateResult
	huma.Validate(entryForms, longForm, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, sent, &found)
	for _, err := range found.Errors {
		if detail := (*huma.ErrorDetail)(nil); errors.As(err, &detail) {
			e.wrong = append(e.wrong, fault.Place{Location: detail.Location, Message: detail.Message})
		}
	}
	if e.wrong != nil {
		return e, nil
	}
	var long roleEntryJSON
	err = json.Unmarshal(data, &long)
	return RoleEntry{Role: long.Role, ExpiresAt: long.ExpiresAt, Departments: long.Departments}, err
}

// Schema describes both forms. They are an extension, which is shown and not checked: all that huma
// would say of an entry that is neither is that it is neither.
func (RoleEntry) Schema(r huma.Registry) *huma.Schema {
	name := &huma.Schema{Type: huma.TypeString, MaxLength: &longestName}
	return &huma.Schema{Extensions: map[string]any{
		"oneOf": []*huma.Schema{name, r.Schema(reflect.TypeFor[roleEntryJSON](), true, "RoleEntry")},
	}}
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
