// Package world reads small worlds (tenants with their policy and objects at
// an instant) together with questions and their right answers, and puts the
// questions to whatever claims to answer them: the library itself, a store
// behind SQL, or a policy that somebody wants to test before it is in force.
package world

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/usher-desk/usher/access"
)

// A World is one file of tenants and questions. The permissions of its roles
// are valid under the built-in catalogue; its own Catalogue only bounds what
// is asked.
type World struct {
	Name      string            `json:"name"`
	Now       time.Time         `json:"now"` // the instant of every question
	Catalogue *access.Catalogue `json:"-"`
	Tenants   []Tenant          `json:"tenants"`
	Checks    []Check           `json:"checks"`
	Holds     []Holds           `json:"holds"`
	Filters   []Filter          `json:"filters"`
	WhoCan    []WhoCan          `json:"who_can"`
	Previews  []Preview         `json:"previews"`
}

// A Check asks whether a subject may act on an object, why, or why not.
type Check struct {
	Tenant       string         `json:"tenant"` // the subject's
	Subject      string         `json:"subject"`
	Action       string         `json:"action"`
	ObjectTenant string         `json:"object_tenant"`
	Object       string         `json:"object"`
	Allow        bool           `json:"allow"`
	By           []string       `json:"by"`
	Reason       *access.Reason `json:"reason"` // null when allowed
}

// A Holds asks for a grant at a scope or higher.
type Holds struct {
	Tenant   string       `json:"tenant"`
	Subject  string       `json:"subject"`
	Resource string       `json:"resource"`
	Action   string       `json:"action"`
	Scope    access.Scope `json:"scope"`
	Allow    bool         `json:"allow"`
}

// A Filter asks which objects of the subject's tenant Check allows.
type Filter struct {
	Tenant   string   `json:"tenant"`
	Subject  string   `json:"subject"`
	Resource string   `json:"resource"`
	Action   string   `json:"action"`
	Objects  []string `json:"objects"` // ids, in any order
}

// A WhoCan asks for which subjects of the object's tenant Check allows.
type WhoCan struct {
	Tenant   string   `json:"tenant"`
	Action   string   `json:"action"`
	Object   string   `json:"object"`
	Subjects []string `json:"subjects"` // ids, in any order
}

// A Preview asks what a change of one role would do.
type Preview struct {
	Tenant string       `json:"tenant"`
	Role   string       `json:"role"`
	Change Change       `json:"change"`
	Result []Difference `json:"result"`
}

// A Change replaces a role's permissions, its active flag, or both.
type Change struct {
	Permissions []access.Permission `json:"permissions,omitempty"` // nil: as they are
	Active      *bool               `json:"active,omitempty"`      // nil: as it is
}

// A Difference is what one subject gains and loses by a change.
type Difference struct {
	Subject string              `json:"subject"`
	Gained  []access.Permission `json:"gained"`
	Lost    []access.Permission `json:"lost"`
}

// Load reads a world from a file.
func Load(path string) (*World, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	w, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w, nil
}

// Parse reads a world. Fields that the format does not have, permissions that
// the built-in catalogue refuses and questions about objects that do not exist
// are errors: a question that cannot be asked would pass unnoticed.
func Parse(data []byte) (*World, error) {
	w := &World{}
	file := struct {
		*World
		Declared json.RawMessage `json:"catalogue"`
	}{World: w}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("not a world: %w", inWords(err))
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("not a world: more than one value")
	}
	if file.Declared == nil {
		return nil, fmt.Errorf("world %q: catalogue is missing", w.Name)
	}
	var err error
	if w.Catalogue, err = access.ParseCatalogue(file.Declared); err != nil {
		return nil, fmt.Errorf("world %q: %w", w.Name, err)
	}
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("world %q: %w", w.Name, err)
	}
	return w, nil
}

// inWords tells where a text stops being a world, without the names of Go's types.
func inWords(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("%q at byte %d is not what stands there in a world", kind.Value, kind.Offset)
	}
	return err
}

// check refuses what would make a question another one than it seems.
func (w *World) check() error {
	if w.Now.IsZero() {
		return fmt.Errorf("now is missing")
	}
	for i := range w.Previews {
		permissions := w.Previews[i].Change.Permissions
		for j, p := range permissions {
			var err error
			if permissions[j], err = access.BuiltIn().Canonical(p.String()); err != nil {
				return fmt.Errorf("preview: %w", err)
			}
		}
	}
	return w.checkObjects()
}

func (w *World) checkObjects() error {
	for _, c := range w.Checks {
		if w.object(c.ObjectTenant, c.Object) == nil {
			return fmt.Errorf("check: no object %q in tenant %q", c.Object, c.ObjectTenant)
		}
	}
	for _, q := range w.WhoCan {
		if w.object(q.Tenant, q.Object) == nil {
			return fmt.Errorf("who can: no object %q in tenant %q", q.Object, q.Tenant)
		}
	}
	return nil
}

func (w *World) object(tenant, id string) *access.Object {
	for _, t := range w.Tenants {
		for i := range t.Objects {
			if t.ID == tenant && t.Objects[i].ID == id {
				return &t.Objects[i]
			}
		}
	}
	return nil
}
