package servertest

import (
	"github.com/usher-desk/usher/internal/store"
)

// Online makes the user an agent who is online and connected, with so many slots, around the program.
func (u *User) Online(slots int) {
	s := u.Tenant.server
	s.t.Helper()
	u.write(func(tx *store.Tx) error {
		now := tx.Now.UnixMicro()
		_, err := tx.Exec(s.t.Context(), `
			INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, unanswered, version, created_at, updated_at)
			VALUES ($1, $2, 'online', $3, 0, $4, 0, 1, $3, $3)
			ON CONFLICT (tenant_id, user_id) DO UPDATE SET status = 'online', max_load = excluded.max_load`, u.ID, now, slots)
		if err != nil {
			return err
		}
		_, err = tx.Exec(s.t.Context(), `
			INSERT INTO presences (tenant_id, user_id, source, alive_until)
			VALUES ($1, $2, 'servertest', $3)
			ON CONFLICT (tenant_id, user_id, source) DO UPDATE SET alive_until = excluded.alive_until`,
			u.ID, tx.Now.AddDate(1, 0, 0).UnixMicro())
		return err
	})
}
