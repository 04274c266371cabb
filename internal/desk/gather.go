package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// gathered is what a turn of dispatch writes for many conversations in the same way: the rows of a table
// together, and for each agent how many conversations more they have. In between nobody reads any of it.
type gathered struct {
	rows  map[string][][]any // by table
	slots map[string]int     // by agent
}

// gather has the edits keep what they add, for [gathered.write]. Until then it can neither be read nor changed.
func (all edits) gather() *gathered {
	g := &gathered{rows: map[string][][]any{}, slots: map[string]int{}}
	for _, e := range all {
		e.gathered = g
	}
	return g
}

// insert adds a row, at once unless it is gathered.
func (e *edit) insert(ctx context.Context, into store.Insert, row ...any) error {
	if e.gathered == nil {
		return e.tx.LaterRows(ctx, into, row)
	}
	e.gathered.rows[into.Table] = append(e.gathered.rows[into.Table], row)
	return nil
}

// takeSlot counts one more conversation with the agent, whose slot is locked, at once unless it is gathered.
func (e *edit) takeSlot(ctx context.Context, agent string) error {
	if e.gathered == nil {
		return takeSlots(ctx, e.tx, 1, agent)
	}
	e.gathered.slots[agent]++
	return nil
}

// write writes what was gathered.
func (g *gathered) write(ctx context.Context, tx *store.Tx) error {
	agents := map[int][]string{} // by how many more they have
	for agent, n := range g.slots {
		agents[n] = append(agents[n], agent)
	}
	for n, more := range agents {
		if err := takeSlots(ctx, tx, n, more...); err != nil {
			return err
		}
	}
	for _, into := range []store.Insert{tenureRows, messageRows} {
		if err := tx.LaterRows(ctx, into, g.rows[into.Table]...); err != nil {
			return err
		}
	}
	return nil
}
