package platform_test

import (
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// recordsOf reads a tenant's trail as it is stored, oldest first.
func recordsOf(g *ground, tenant string) (records []trail.Record) {
	g.t.Helper()
	err := g.s.DB.Read(g.t.Context(), tenant, func(tx *store.Tx) (err error) {
		records, err = store.Collect(g.t.Context(), tx, func(row store.Row) (trail.Record, error) {
			var body []byte
			if err := row.Scan(&body); err != nil {
				return trail.Record{}, err
			}
			return trail.Parse(body)
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 ORDER BY b.id`)
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return records
}
