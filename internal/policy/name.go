package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// names are what these users are called.
func (s *Service) names(ctx context.Context, tenant string, users []string) (names map[string]string, err error) {
	if len(users) == 0 {
		return nil, nil
	}
	err = s.config.DB.Read(ctx, tenant, func(tx *store.Tx) error {
		names, err = namesIn(ctx, tx, users)
		return err
	})
	return names, err
}

// namesIn returns the names of users by their ids.
func namesIn(ctx context.Context, tx *store.Tx, users []string) (map[string]string, error) {
	names := map[string]string{}
	w := tx.Where("u")
	w.And("u.id IN ?", store.Set(users))
	_, err := store.Collect(ctx, tx, func(r store.Row) (id string, err error) {
		var name string
		err = r.Scan(&id, &name)
		names[id] = name
		return id, err
	}, `
		SELECT u.id, u.name
		FROM users u`+w.String(), w.Args()...)
	return names, err
}
