package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// named is a thing that people know by its name, or a person, as answers show them.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// orNull is a member of an answer that is null without an id.
func (n named) orNull() api.OrNull[named] {
	if n.ID == "" {
		return api.OrNull[named]{}
	}
	return api.OrNull[named]{Value: &n}
}

// readNames runs a query for ids and names, and returns the names by id.
func readNames(ctx context.Context, tx *store.Tx, query string, args ...any) (map[string]string, error) {
	found, err := store.Collect(ctx, tx, scanNamed, query, args...)
	names := make(map[string]string, len(found))
	for _, n := range found {
		names[n.ID] = n.Name
	}
	return names, err
}

func scanNamed(r store.Row) (n named, err error) {
	err = r.Scan(&n.ID, &n.Name)
	return n, err
}
