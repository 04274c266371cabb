package server

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
)

// sealedTables names every table with a column called sealed, and what seals its rows anew. Whatever seals something
// keeps it in such a column and stands here: what a rotation of the master key forgot could never be opened again.
var sealedTables = []struct {
	names  []string
	reseal resealer
}{
	{[]string{"signing_keys"}, session.ResealKeys},
	{[]string{"second_factors", "factor_enrolments"}, eachTenant(identity.ResealFactors)},
}

// resealer seals anew and returns how many secrets had yet to be.
type resealer func(ctx context.Context, span *store.Span, from, to *seal.Key) (changed int, err error)

// resealAll seals everything anew. It has come to its end when it finds nothing that the new key does not open.
func resealAll(ctx context.Context, span *store.Span, from, to *seal.Key) error {
	for changed := -1; changed != 0; {
		changed = 0
		for _, table := range sealedTables {
			n, err := table.reseal(ctx, span, from, to)
			if err != nil {
				return fmt.Errorf("sealing %v anew: %w", table.names, err)
			}
			changed += n
		}
	}
	return nil
}

// eachTenant is a resealer for what lies inside tenants.
func eachTenant(reseal func(ctx context.Context, tx *store.Tx, from, to *seal.Key) (int, error)) resealer {
	return func(ctx context.Context, span *store.Span, from, to *seal.Key) (changed int, err error) {
		tenants, err := store.CollectAcross(ctx, span, store.Text, `SELECT t.tenant_id FROM tenants t ORDER BY t.tenant_id`)
		if err != nil {
			return 0, err
		}
		for _, id := range tenants {
			err := span.In(ctx, id, func(tx *store.Tx) error {
				n, err := reseal(ctx, tx, from, to)
				changed += n
				return err
			})
			if err != nil {
				return 0, err
			}
		}
		return changed, nil
	}
}
