package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

var positions = store.Insert{
	Table: "desk_positions", Columns: "stream, last",
	Unless: "ON CONFLICT (tenant_id, stream) DO UPDATE SET last = desk_positions.last + excluded.last",
}

// However many rows come together, each is added once, and what is there already is what the statement says.
func TestRowsThatAreAddedTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, n := range []int{0, 1, 2, 3, 31, 32, 33, 75} {
			tenant := fmt.Sprint("t", n)
			newTenant(t, db, tenant)
			var rows [][]any
			var want []string
			for i := range n {
				rows = append(rows, []any{fmt.Sprintf("s%02d", i), i})
				want = append(want, fmt.Sprintf("s%02d %d", i, 2*i))
			}
			var found []string
			err := db.Write(t.Context(), tenant, func(tx *store.Tx) (err error) {
				for range 2 {
					if err := tx.LaterRows(t.Context(), positions, rows...); err != nil {
						return err
					}
				}
				found, err = store.Collect(t.Context(), tx, store.Text,
					`SELECT p.stream || ' ' || p.last FROM desk_positions p WHERE p.tenant_id = $1 ORDER BY p.stream`)
				return err
			})
			if err != nil || !slices.Equal(found, want) {
				t.Errorf("%d rows: %v, %v", n, found, err)
			}
		}
	})
}

// What is wrong with a row fails the transaction.
func TestRowsThatCannotBeAdded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
			return tx.LaterRows(t.Context(), positions, []any{"good", 1}, []any{nil, 1})
		})
		left := 0
		_ = db.Read(t.Context(), "t1", func(tx *store.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT count(*) FROM desk_positions p WHERE p.tenant_id = $1`, nil, &left)
		})
		if err == nil || left != 0 {
			t.Errorf("%v, and %d rows", err, left)
		}
	})
}
