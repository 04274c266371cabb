package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// people are the names of users by id; who is gone has none, nor has platform staff. The names of those in a
// conversation come with reading it.
type people map[string]string

// person is null for "".
func (p people) person(id string) api.OrNull[named] { return named{id, p[id]}.orNull() }

// name is of somebody that there is.
func (p people) name(id string) named { return named{id, p[id]} }

// findPeople looks up the names of users. What is no id of a user has none.
func findPeople(ctx context.Context, tx *store.Tx, ids []string) (people, error) {
	w := tx.Where("u")
	w.And("u.id IN ?", store.Set(ids))
	return readNames(ctx, tx, `SELECT u.id, u.name FROM users u`+w.String(), w.Args()...)
}
