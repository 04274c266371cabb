package backup

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/internal/store"
)

func (r *reader) database() error {
	header, err := r.next(formatPart)
	if err != nil {
		return err
	}
	if header.Name != databasePart {
		return damaged(header.Name, "stands where %s should", databasePart)
	}
	r.found.Database, err = r.unpack(databasePart)
	return err
}

// describe looks at the database as a whole.
func (r *reader) describe(ctx context.Context, db *store.Copy) (err error) {
	r.found.Schema, err = db.Schema(ctx)
	switch {
	case errors.Is(err, store.ErrNewerSchema):
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	case err != nil:
		return damaged(databasePart, "%v", err)
	case r.found.Schema == 0:
		return damaged(databasePart, "it is no database of usher")
	}
	if err := db.Sound(ctx); err != nil {
		return damaged(databasePart, "%v", err)
	}
	if r.found.Trails, err = db.Trails(ctx); err != nil {
		return damaged(databasePart, "%v", err)
	}
	return nil
}
