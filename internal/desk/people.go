package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// people are the names of users by id. The names of those in a conversation come with reading it.
type people map[string]string

type personJSON struct {
	ID   string `json:"id"`
	Name string `json:"name" doc:"Empty for a user that is gone and for platform staff"`
}

// person is nil for nobody.
func (p people) person(id string) *personJSON {
	if id == "" {
		return nil
	}
	return &personJSON{ID: id, Name: p[id]}
}

// findPeople looks up the names of users. What is no id of a user has none.
func findPeople(ctx context.Context, tx *store.Tx, ids []string) (people, error) {
	w := tx.Where("u")
	w.And("u.id IN ?", store.Set(ids))
	found, err := store.Collect(ctx, tx, scanPerson, `SELECT u.id, u.name
		FROM users u`+w.String(), w.Args()...)
	names := people{}
	for _, p := range found {
		names[p.ID] = p.Name
	}
	return names, err
}

func scanPerson(r store.Row) (p personJSON, err error) {
	err = r.Scan(&p.ID, &p.Name)
	return p, err
}
