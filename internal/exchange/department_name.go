package exchange

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// names is how departments are called in a file: by their path as far as the caller may read it, and by the
// id of what they may not. Whoever guesses at other names finds nothing.
type names struct {
	tree  *tenant.Tree
	reads access.Filter
	by    *caller.Caller
}

func readNames(ctx context.Context, tx *store.Tx, by *caller.Caller) (n names, err error) {
	n.by = by
	if n.reads, err = by.Filter("department:read"); err != nil {
		return n, err
	}
	n.tree, err = tenant.LoadTree(ctx, tx)
	return n, err
}

func (n names) shown(id string) bool {
	return n.reads.Covers(&access.Object{Tenant: n.by.Tenant, Resource: "department", ID: id, Departments: []string{id}})
}

func (n names) path(id string) string { return joined('/', n.tree.Path(id, n.shown)) }

// paths keeps nil nil: there is no list.
func (n names) paths(ids []string) []string {
	if ids == nil {
		return nil
	}
	paths := []string{}
	for _, id := range ids {
		paths = append(paths, n.path(id))
	}
	slices.Sort(paths)
	return paths
}

// find is the way back: the departments at the ends of these paths, sorted.
func (n names) find(paths [][]string) ([]string, error) {
	var ids []string
	for _, path := range paths {
		id, found := n.tree.Find(path, n.shown)
		if !found {
			return nil, fault.ErrInvalid.At("body.departments", "no such department")
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
