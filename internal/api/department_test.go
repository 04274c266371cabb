package api_test

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type department struct {
	ID, Name string
	Version  int64
}

type departmentJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type departmentOutput struct {
	ETag string `header:"ETag"`
	Body departmentJSON
}

func (d department) json() departmentJSON { return departmentJSON{ID: d.ID, Name: d.Name} }

func (d department) output() *departmentOutput {
	return &departmentOutput{ETag: api.ETag(d.Version), Body: d.json()}
}

type listInput struct {
	api.PageInput
	Q string `query:"q" maxLength:"64"`
}

func (o *office) list(ctx context.Context, in *listInput) (*api.PageOutput[departmentJSON], error) {
	after, err := in.After(ctx, in.Q)
	if err != nil {
		return nil, err
	}
	var rows []department
	err = o.db.Read(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		w := tx.Where("d")
		w.And(`d.name_key LIKE ? ESCAPE '\'`, store.Containing(store.Fold(in.Q)))
		if after != nil {
			w.And("d.id > ?", after[0])
		}
		rows, err = store.Collect(ctx, tx, scan,
			`SELECT d.id, d.name, d.version FROM departments d`+w.String()+` ORDER BY d.id LIMIT `+w.Param(1), w.Args(in.Limit+1)...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.NewPage(ctx, in.PageInput, rows, department.json, func(d department) []string { return []string{d.ID} }, in.Q), nil
}

func scan(r store.Row) (d department, err error) {
	err = r.Scan(&d.ID, &d.Name, &d.Version)
	return d, err
}

type readInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (o *office) read(ctx context.Context, in *readInput) (*departmentOutput, error) {
	var d department
	err := o.db.Read(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) (err error) {
		d, err = find(ctx, tx, in.ID)
		return err
	})
	return d.output(), err
}

func find(ctx context.Context, tx *store.Tx, id string) (department, error) {
	return store.One(ctx, tx, scan, `SELECT d.id, d.name, d.version FROM departments d WHERE d.tenant_id = $1 AND d.id = $2`, id)
}

type createInput struct {
	Body struct {
		Name   string    `json:"name" minLength:"1" maxLength:"64"`
		Mail   string    `json:"mail" required:"false" format:"email" maxLength:"64"`
		Kind   string    `json:"kind" required:"false" enum:"inner,outer"`
		Floor  int32     `json:"floor" required:"false"`
		Labels []string  `json:"labels" required:"false" maxItems:"8" maxLength:"16"`
		Since  time.Time `json:"since" required:"false"`
	}
}

func (o *office) create(ctx context.Context, in *createInput) (*departmentOutput, error) {
	d := department{Name: in.Body.Name, Version: 1}
	err := o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		d.ID = store.NewID(tx.Now)
		_, err := tx.Exec(ctx, `
			INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, 1, $5, $5)`, d.ID, d.Name, store.Fold(d.Name)+d.ID, tx.Now.UnixMicro())
		if err != nil {
			return err
		}
		api.Touched(ctx, "department", d.ID)
		return o.notes.append(ctx, tx)
	})
	return d.output(), err
}

type updateInput struct {
	api.IfMatch
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Name api.Optional[string] `json:"name" required:"false" minLength:"1" maxLength:"64"`
	}
}

func (o *office) update(ctx context.Context, in *updateInput) (*departmentOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	var d department
	err = o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
		if d, err = find(ctx, tx, in.ID); err != nil {
			return err
		}
		if d.Version != version {
			return api.Stale(d.Version)
		}
		if in.Body.Name.Sent {
			d.Name, d.Version = in.Body.Name.Value, d.Version+1
		}
		_, err := tx.Exec(ctx, `UPDATE departments SET name = $3, version = $4 WHERE tenant_id = $1 AND id = $2`, d.ID, d.Name, d.Version)
		if err != nil {
			return err
		}
		return o.notes.append(ctx, tx)
	})
	return d.output(), err
}
