package store

import (
	"context"
	"errors"
)

// Fact reads a fact of the installation; "" when it has none of this name.
func (db *DB) Fact(ctx context.Context, name string) (value string, err error) {
	err = db.AcrossRead(ctx, Installation, func(s *Span) error {
		return s.QueryRow(ctx, `SELECT value FROM server_facts WHERE name = $1`, []any{name}, &value)
	})
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return value, err
}

// PutFact writes a fact of the installation in place of the one that stands.
func (db *DB) PutFact(ctx context.Context, name, value string) error {
	return db.Across(ctx, Installation, func(s *Span) error {
		_, err := s.Exec(ctx, `
			INSERT INTO server_facts (name, value)
			VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}

// ChangeFact is [DB.PutFact] where the fact does not say so already, in one transaction with f.
func (db *DB) ChangeFact(ctx context.Context, name, value string, f func(*Span) error) error {
	return db.Across(ctx, Installation, func(s *Span) error {
		n, err := s.Exec(ctx, `
			INSERT INTO server_facts (name, value)
			VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE server_facts.value <> excluded.value`, name, value)
		if err != nil || n == 0 {
			return err
		}
		return f(s)
	})
}

// SetFact writes a fact of the installation that has no value yet. [ErrDuplicate] when it has one.
func (db *DB) SetFact(ctx context.Context, name, value string) error {
	return db.Across(ctx, Installation, func(s *Span) error {
		_, err := s.Exec(ctx, `INSERT INTO server_facts (name, value) VALUES ($1, $2)`, name, value)
		return err
	})
}
