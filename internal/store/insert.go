package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// mostRows is how many rows an INSERT of several has at most.
const mostRows = 32

// Insert is a statement that adds rows to a table, of which each has the same columns after the tenant.
type Insert struct {
	Table   string
	Columns string // with commas between, without tenant_id
	Unless  string // what follows the rows, as ON CONFLICT DO NOTHING; may be empty
}

// LaterRows is [Tx.Later] for rows that are added together: what a statement costs besides its rows is
// paid once for many. The numbers of rows in one statement are powers of two, so that a database which
// remembers statements knows them soon.
func (tx *Tx) LaterRows(ctx context.Context, i Insert, rows ...[]any) error {
	for n := mostRows; n > 0; n /= 2 {
		for len(rows) >= n {
			if err := tx.Later(ctx, i.of(n), slices.Concat(rows[:n]...)...); err != nil {
				return err
			}
			rows = rows[n:]
		}
	}
	return nil
}

// of is the statement for so many rows.
func (i Insert) of(rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (tenant_id, %s) VALUES ", i.Table, i.Columns)
	param, width := 1, strings.Count(i.Columns, ",")+1
	for row := range rows {
		if row > 0 {
			b.WriteString(", ")
		}
		b.WriteString("($1")
		for range width {
			param++
			fmt.Fprintf(&b, ", $%d", param)
		}
		b.WriteString(")")
	}
	return b.String() + " " + i.Unless
}
