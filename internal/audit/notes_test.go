package audit_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// promote registers an operation that makes 250 users agents who were nothing, one who was an auditor, one whose
// empty list became none, and gives one another name. The database asks once for a repetition.
func (o *office) promote() {
	op := api.Operation{
		ID: "promote", Method: "POST", Path: "/v1/promote", Summary: "Promote", Event: "user.promote",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Limit: api.Ordinary,
	}
	api.Register(o.api, op, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		tries := 0
		return nil, o.db.Write(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) error {
			var each []*api.Notes
			note := func(id string, of func(ctx context.Context)) {
				one, notes := api.NotesOfOne(ctx)
				api.Touched(one, "user", id)
				of(one)
				each = append(each, notes)
			}
			for i := range 125 {
				note(fmt.Sprint("a", i), func(ctx context.Context) { api.Changed(ctx, "roles", []string{}, []string{"agent"}) })
				note(fmt.Sprint("b", i), func(ctx context.Context) { api.Changed(ctx, "roles", []string{}, []string{"agent"}) })
			}
			note("auditor", func(ctx context.Context) { api.Changed(ctx, "roles", []string{"auditor"}, []string{"agent"}) })
			note("listed", func(ctx context.Context) { api.Changed(ctx, "roles", nil, []string{"agent"}) })
			note("named", func(ctx context.Context) { api.ChangedPrivately(ctx, "name", "Ann", "Anna") })
			if err := o.audit.Append(ctx, tx, each...); err != nil {
				return err
			}
			if tries++; tries == 1 {
				return &pgconn.PgError{Code: "40001"}
			}
			return nil
		})
	})
}

func TestAnOperationOnManyTellsWhatItDidToEach(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.promote()
		answer := o.must(200, "acme/chief", "POST", "/v1/promote", "")
		records := o.records("acme")
		first := slices.IndexFunc(records, func(r trail.Record) bool { return r.ID == answer.Header().Get("Audit-Record") })
		records = slices.Concat(records[first:], records[:first]) // it is a call of today, and the database is at noon
		want := []struct {
			targets int
			first   string
			n       int64
			change  string
		}{
			{100, "a0", 253, `roles []→["agent"] committed false→false; `},
			{100, "a50", 100, `roles []→["agent"] committed false→false; `},
			{50, "a100", 50, `roles []→["agent"] committed false→false; `},
			{1, "auditor", 1, `roles ["auditor"]→["agent"] committed false→false; `},
			{1, "listed", 1, `roles []→["agent"] committed false→false; `},
			{1, "named", 1, `name []→[] committed true→true; `},
		}
		if len(records) != len(want) {
			t.Fatalf("%d records, want %d", len(records), len(want))
		}
		seen := map[trail.Ref]bool{}
		for i, r := range records {
			w := want[i]
			if len(r.Target) != w.targets || r.Target[0].ID != w.first || r.Outcome.N != w.n || changesOf(r) != w.change {
				t.Errorf("record %d: %d targets from %v, n %d, %s", i, len(r.Target), r.Target[0], r.Outcome.N, changesOf(r))
			}
			if r.Context.Request != answer.Header().Get("X-Request-Id") || r.Actor.ID != "chief" || r.Action.Event != "user.promote" || r.Context.Personal["address"] == "" {
				t.Errorf("record %d is of %+v, %+v by %+v", i, r.Context, r.Action, r.Actor)
			}
			for _, target := range r.Target {
				if seen[target] {
					t.Errorf("%v stands in two records", target)
				}
				seen[target] = true
			}
		}
	})
}
