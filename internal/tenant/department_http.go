package tenant

import (
	"context"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

type departmentJSON struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Parent    *string   `json:"parent" doc:"Id of the department directly above; null for a root"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

type departmentOutput struct {
	ETag string `header:"ETag"`
	Body departmentJSON
}

// rootsOnly is the value of the parent filter that no id has.
const rootsOnly = "none"

type departmentsInput struct {
	api.PageInput
	Query  string   `query:"q" maxLength:"128" doc:"Part of a name, in any case"`
	IDs    []string `query:"ids" maxItems:"100" maxLength:"64" doc:"Ids, with commas between; only these"`
	Parent string   `query:"parent" maxLength:"64" doc:"Id of the department directly above; none for the roots"`
}

// Resolve refuses a list of ids without any: whoever asks for none of the departments must not get all of them.
func (in *departmentsInput) Resolve(hc huma.Context) []error {
	if asked := hc.URL(); len(in.IDs) == 0 && asked.Query().Has("ids") {
		return []error{&huma.ErrorDetail{Location: "query.ids", Message: "expected an id; leave it out to ask for all of them"}}
	}
	return nil
}

type createDepartmentInput struct {
	Body struct {
		Name   string               `json:"name" minLength:"1" maxLength:"128"`
		Parent api.Optional[string] `json:"parent" required:"false" minLength:"1" maxLength:"64" doc:"Id of the department directly above; null or absent for a root"`
	}
}

// DepartmentPath names a department. It is exported because huma passes over embedded structs that are not.
type DepartmentPath struct {
	ID string `path:"id" maxLength:"64"`
}

type changeDepartmentInput struct {
	DepartmentPath
	api.IfMatch
	api.IfPreview
	Body departmentChange
}

type deleteDepartmentInput struct {
	DepartmentPath
	api.IfMatch
	api.IfPreview
}

// PreviewDepartment is a change of a department of which one wants to see what it would do to people's access.
type PreviewDepartment struct {
	DepartmentPath
	api.PageInput
	Body struct {
		Parent api.Optional[string] `json:"parent" required:"false" minLength:"1" maxLength:"64" doc:"Moves the department; null makes it a root"`
		Delete bool                 `json:"delete,omitempty"`
	}
}

// TryDepartment makes the change, under the guard rails: it is for previews, which undo it.
func (s *Service) TryDepartment(ctx context.Context, in *PreviewDepartment) error {
	by, b := caller.Must(ctx), in.Body
	switch {
	case b.Parent.Sent && !b.Delete:
		_, err := s.changeDepartment(ctx, by, in.ID, api.AsItStands, departmentChange{Parent: b.Parent})
		return err
	case b.Delete && !b.Parent.Sent:
		return s.deleteDepartment(ctx, by, in.ID, api.AsItStands)
	}
	return fault.ErrInvalid.At("body", "expected exactly one change: parent or delete")
}

// departmentChange holds what a change sends; what is absent stays as it is.
type departmentChange struct {
	Name   *string              `json:"name,omitempty" minLength:"1" maxLength:"128"`
	Parent api.Optional[string] `json:"parent" required:"false" minLength:"1" maxLength:"64" doc:"Moves the department; null makes it a root"`
}

func (c departmentChange) apply(d Department) Department {
	replace(&d.Name, c.Name)
	d.Name = strings.TrimSpace(d.Name)
	if c.Parent.Sent {
		d.Parent = c.Parent.Value
	}
	return d
}

func (s *Service) handleDepartments(ctx context.Context, in *departmentsInput) (*api.PageOutput[departmentJSON], error) {
	filters := []string{in.Query, strings.Join(in.IDs, ","), in.Parent}
	after, err := in.After(ctx, filters...)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	scope, err := by.Filter("department:read")
	if err != nil {
		return nil, err
	}
	var found []Department
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		found, err = listDepartments(ctx, tx, in, scope, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	key := func(d Department) []string { return []string{d.key(), d.ID} }
	return api.NewPage(ctx, in.PageInput, found, Department.json, key, filters...), nil
}

func (s *Service) handleDepartment(ctx context.Context, in *DepartmentPath) (*departmentOutput, error) {
	by := caller.Must(ctx)
	var d Department
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if d, err = findDepartment(ctx, tx, in.ID); err != nil {
			return err
		}
		return by.Require("department:read", departmentObject(by.Tenant, d.ID, d.ID))
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "department", d.ID)
	return d.output(), nil
}

func (s *Service) handleCreateDepartment(ctx context.Context, in *createDepartmentInput) (*departmentOutput, error) {
	d, err := s.createDepartment(ctx, caller.Must(ctx), in.Body.Name, in.Body.Parent.Value)
	if err != nil {
		return nil, err
	}
	return d.output(), nil
}

func (s *Service) handleUpdateDepartment(ctx context.Context, in *changeDepartmentInput) (*departmentOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	d, err := s.changeDepartment(ctx, caller.Must(ctx), in.ID, version, in.Body)
	if err != nil {
		return nil, err
	}
	return d.output(), nil
}

func (s *Service) handleDeleteDepartment(ctx context.Context, in *deleteDepartmentInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	return nil, s.deleteDepartment(ctx, caller.Must(ctx), in.ID, version)
}

// noteDepartment tells the record what became of the department.
func noteDepartment(ctx context.Context, before, after Department) {
	api.Touched(ctx, "department", after.ID)
	api.ChangedPrivately(ctx, "name", before.Name, after.Name)
	api.ChangedPrivately(ctx, "parent", before.Parent, after.Parent)
}

func (d Department) json() departmentJSON {
	out := departmentJSON{ID: d.ID, Name: d.Name, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version}
	if d.Parent != "" {
		out.Parent = &d.Parent
	}
	return out
}

func (d Department) output() *departmentOutput {
	return &departmentOutput{ETag: api.ETag(d.Version), Body: d.json()}
}
