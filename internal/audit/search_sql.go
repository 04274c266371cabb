package audit

import (
	"context"
	"strings"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// stored is a record as it lies in the trail.
type stored struct {
	id       string
	body     []byte
	personal map[string]string
}

// coverage: the owner of a record is its actor.
var coverage = store.Coverage{Owner: "b.actor_id = ?"}

// search finds the records that the scope covers, newest first, one more than the limit.
func search(ctx context.Context, tx *store.Tx, in *searchInput, scope access.Filter, after []string) ([]stored, error) {
	w := tx.Where("b")
	w.Covered(scope, coverage)
	in.conditions(w)
	if len(after) == 1 {
		w.And("b.id < ?", after[0])
	}
	query := `
		SELECT b.id, b.body
		FROM audit_bodies b` + w.String() + `
		ORDER BY b.id DESC
		LIMIT ` + w.First(in.Limit+1)
	found, err := store.Collect(ctx, tx, scanStored, query, w.Args()...)
	if err != nil {
		return nil, err
	}
	return found, addPersonal(ctx, tx, found)
}

// conditions narrows the search to what was asked for.
func (in *searchInput) conditions(w *store.Where) {
	for _, c := range []struct{ text, value string }{
		{"b.actor_id = ?", in.Actor},
		{"b.result = ?", in.Outcome},
		{"b.sid = ?", in.Session},
	} {
		if c.value != "" {
			w.And(c.text, c.value)
		}
	}
	if len(in.Events) > 0 {
		w.AnyOf(named(in.Events))
	}
	if in.Target != "" {
		w.And(`EXISTS (
			SELECT 1 FROM audit_targets t
			WHERE t.tenant_id = $1 AND t.type = ? AND t.target_id = ? AND t.record_id = b.id)`, in.TargetType, in.Target)
	}
	if in.from != nil {
		w.And("b.time >= ?", in.from.UnixMicro())
	}
	if in.to != nil {
		w.And("b.time < ?", in.to.UnixMicro())
	}
}

// named is true of the records of any of some events.
func named(events []string) (alternatives []store.Condition) {
	for _, event := range events {
		if kind, all := strings.CutSuffix(event, ".*"); all {
			alternatives = append(alternatives, store.Condition{Text: "b.event >= ? AND b.event < ?", Args: []any{kind + ".", kind + "/"}}) // '/' follows '.'
		} else {
			alternatives = append(alternatives, store.Condition{Text: "b.event = ?", Args: []any{event}})
		}
	}
	return alternatives
}

func scanStored(r store.Row) (stored, error) {
	s := stored{personal: map[string]string{}}
	err := r.Scan(&s.id, &s.body)
	return s, err
}

// addPersonal reads the values beside the records; erased ones are simply not there.
func addPersonal(ctx context.Context, tx *store.Tx, found []stored) error {
	byID := map[string]stored{}
	var ids store.Set
	for _, r := range found {
		byID[r.id] = r
		ids = append(ids, r.id)
	}
	w := tx.Where("p")
	w.And("p.record_id IN ?", ids)
	rows, err := tx.Query(ctx, `SELECT p.record_id, p.field, p.value FROM audit_personal p`+w.String(), w.Args()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, field, value string
		if err := rows.Scan(&id, &field, &value); err != nil {
			return err
		}
		byID[id].personal[strings.TrimPrefix(field, personalPrefix)] = value
	}
	return rows.Err()
}
