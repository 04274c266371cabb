package api

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/trail"
)

// Notes are what a handler tells the record: which objects it really touched, and what became of them.
type Notes struct {
	Targets []trail.Ref
	Changes trail.Change
	Private []PrivateChange
}

// PrivateChange is a changed field whose values are only committed to.
type PrivateChange struct{ Field, Before, After string }

type notesKey struct{}

// NotesOfOne returns a context whose notes are kept by themselves and not with those of the call. An
// operation that changes many objects, each in its own way, takes notes of each, and hands all of them to
// the Append of package audit: the record of the call could tell only what is true of all.
func NotesOfOne(ctx context.Context) (context.Context, *Notes) {
	n := &Notes{}
	return context.WithValue(ctx, notesKey{}, n), n
}

// notesFrom are those that the context asks for; nil outside an operation.
func notesFrom(ctx context.Context) *Notes {
	if n, apart := ctx.Value(notesKey{}).(*Notes); apart {
		return n
	}
	if c := CallFrom(ctx); c != nil {
		return &c.Notes
	}
	return nil
}

// Touched notes an object that the operation really touched. Like its siblings below it may be
// called again for the same thing, as happens when a transaction is repeated.
func Touched(ctx context.Context, kind, id string) {
	ref := trail.Ref{Type: kind, ID: id}
	if n := notesFrom(ctx); n != nil && !slices.Contains(n.Targets, ref) {
		n.Targets = append(n.Targets, ref)
	}
}

// Changed notes a field with its values before and after, which must be names from a fixed
// vocabulary: an enumeration, role or permission names. nil means that there was no value. Values
// that are the same, in whatever order, are no change.
func Changed(ctx context.Context, field string, before, after []string) {
	n := notesFrom(ctx)
	switch {
	case n == nil:
	case !sameNames(before, after):
		n.Changes.Values(field, before, after)
	default:
		n.forget(field)
	}
}

// Difference ends the name of a field that shows what went and what came, and not all that was there before and after: a
// reader must not take the one for the other.
const Difference = ".difference"

// ChangedBy notes a field, as in [Changed], by what went from it and what came to it, where all the rest of it stayed.
func ChangedBy(ctx context.Context, field string, went, came []string) {
	ChangedSomehow(ctx, field)
	Changed(ctx, field+Difference, went, came)
}

// ChangedSomehow notes a field by its name alone.
func ChangedSomehow(ctx context.Context, field string) {
	if n := notesFrom(ctx); n != nil {
		n.Changes.Names(field)
	}
}

// forget takes back what an earlier run of the transaction noted: meanwhile somebody else made the
// same change.
func (n *Notes) forget(field string) {
	var kept trail.Change
	for f := range n.Changes.All() {
		if f.Field != field {
			kept.Values(f.Field, f.Old, f.New)
		}
	}
	n.Changes = kept
}

func sameNames(a, b []string) bool {
	return (a == nil) == (b == nil) && slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// ChangedPrivately notes a field whose values are a person's own; the record only commits to them.
func ChangedPrivately(ctx context.Context, field, before, after string) {
	n := notesFrom(ctx)
	if n == nil {
		return
	}
	n.Private = slices.DeleteFunc(n.Private, func(p PrivateChange) bool { return p.Field == field })
	if before != after {
		n.Private = append(n.Private, PrivateChange{field, before, after})
	}
}
