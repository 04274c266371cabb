package tenant

import (
	"context"
	"slices"
	"strings"

	"github.com/usher-desk/usher/internal/store"
)

// Tree is every department of a tenant, to find one by where it lies. It is read once, and grows with what is
// added through it.
type Tree struct {
	forest forest
	names  map[string]string
	below  map[place]string
}

// place is where a department lies: below its parent, "" for a root, under the key of its name.
type place struct{ parent, key string }

// LoadTree reads the departments of the transaction's tenant.
func LoadTree(ctx context.Context, tx *store.Tx) (*Tree, error) {
	all, err := store.Collect(ctx, tx, scanDepartment, `SELECT`+departmentColumns+`
		FROM departments d
		WHERE d.tenant_id = $1`)
	if err != nil {
		return nil, err
	}
	t := &Tree{forest{}, map[string]string{}, map[place]string{}}
	for _, d := range all {
		t.put(d)
	}
	return t, nil
}

func (t *Tree) put(d Department) {
	t.forest[d.ID] = d.Parent
	t.names[d.ID] = d.Name
	t.below[place{d.Parent, d.key()}] = d.ID
}

// Find returns the department at the end of a path of names, from a root on. The first may be an id
// instead. Case, width and outer spaces make no difference. Names lead only to departments that are shown:
// the way back from [Tree.Path].
func (t *Tree) Find(path []string, shown func(id string) bool) (id string, found bool) {
	for i, name := range path {
		_, isID := t.forest[name]
		if i == 0 && isID {
			id = name
			continue
		}
		if id, found = t.below[place{id, store.Fold(strings.TrimSpace(name))}]; !found || !shown(id) {
			return "", false
		}
	}
	return id, id != ""
}

// Path is the way to a department: names from a root on. The ancestors that are not shown are left out, and
// the id of the lowest of them stands in their place.
func (t *Tree) Path(id string, shown func(id string) bool) (path []string) {
	for ; id != ""; id = t.forest[id] {
		if !shown(id) {
			path = append(path, id)
			break
		}
		path = append(path, t.names[id])
	}
	slices.Reverse(path)
	return path
}

// IDs are the departments, in no order.
func (t *Tree) IDs() (ids []string) {
	for id := range t.forest {
		ids = append(ids, id)
	}
	return ids
}

// Add is [AddDepartment] at a place that the tree knows; nobody may add departments beside it meanwhile.
func (t *Tree) Add(ctx context.Context, tx *store.Tx, name, parent string) (Department, error) {
	d := Department{
		ID: store.NewID(tx.Now), Parent: parent, Name: strings.TrimSpace(name),
		Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if err := CheckName("body.name", d.Name); err != nil {
		return Department{}, err
	}
	if t.forest.depth(parent)+1 > maxDepth {
		return Department{}, errTooDeep
	}
	if _, taken := t.below[place{parent, d.key()}]; taken {
		return Department{}, errNameTaken
	}
	t.put(d)
	return d, d.insert(ctx, tx)
}
