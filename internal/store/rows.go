package store

import "context"

// Row is one result row, ready to be scanned.
type Row interface {
	Scan(dest ...any) error
}

// Rows is the result of a query. It must be closed, or read to its end.
type Rows struct {
	cursor
}

// cursor is what database/sql and pgx have in common.
type cursor interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

func rowsOf(c cursor, err error) (*Rows, error) {
	if err != nil {
		return nil, err
	}
	return &Rows{c}, nil
}

func (r *Rows) first(dest []any) error {
	defer r.Close()
	if !r.Next() {
		if err := r.Err(); err != nil {
			return err
		}
		return ErrNotFound
	}
	if err := r.Scan(dest...); err != nil {
		return err
	}
	r.Close()
	return r.Err()
}

// Collect runs a query of the transaction and turns each row into a T.
func Collect[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, scan)
}

func collect[T any](rows *Rows, scan func(Row) (T, error)) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// One runs a query of the transaction and turns its first row into a T; [ErrNotFound] when there
// is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	all, err := Collect(ctx, tx, scan, query, args...)
	if err != nil || len(all) == 0 {
		var zero T
		if err == nil {
			err = ErrNotFound
		}
		return zero, err
	}
	return all[0], nil
}

// Text scans a row of one text column.
func Text(r Row) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}
