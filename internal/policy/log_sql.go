package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// kept is how many versions back the policy log goes.
const kept = 1000

// logTells reports whether the log still tells what has been written from one version to a later one.
func logTells(from, to int64) bool { return from <= to && to-from <= kept }

// touched names what has been written about the access of a tenant.
type touched struct {
	users, roles []string
	departments  bool
}

// touchedSince reads the log from a version on, with what was written at that version.
func touchedSince(ctx context.Context, tx *store.Tx, version int64) (log touched, err error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT c.kind, c.id
		FROM policy_changes c
		WHERE c.tenant_id = $1 AND c.version >= $2`, version)
	if err != nil {
		return log, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, id string
		if err := rows.Scan(&kind, &id); err != nil {
			return log, err
		}
		switch kind {
		case "user":
			log.users = append(log.users, id)
		case "role":
			log.roles = append(log.roles, id)
		case "departments":
			log.departments = true
		}
	}
	return log, rows.Err()
}

// pruneLog takes away what is older than the log goes back.
func pruneLog(ctx context.Context, tx *store.Tx, version int64) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM policy_changes
		WHERE tenant_id = $1 AND version < $2`, version-kept)
	return err
}
