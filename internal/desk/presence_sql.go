package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// renewPresences writes that the users are there, for a while from now on.
func renewPresences(ctx context.Context, tx *store.Tx, source string, users []string) error {
	w := tx.Where("u")
	w.And("u.id IN ?", store.Set(users))
	_, err := tx.Exec(ctx, `
		INSERT INTO presences (tenant_id, user_id, source, alive_until)
		SELECT $1, u.id, `+w.Param(1)+`, `+w.Param(2)+`
		FROM users u`+w.String()+`
		ORDER BY u.id
		ON CONFLICT (tenant_id, user_id, source) DO UPDATE SET alive_until = excluded.alive_until`,
		w.Args(source, tx.Now.Add(aliveFor).UnixMicro())...)
	return err
}

// foundAgain ends the absence of agents among the users, and counts them.
func foundAgain(ctx context.Context, tx *store.Tx, users []string) (int64, error) {
	w := tx.Where("agents")
	w.And("agents.user_id IN ?", store.Set(users))
	w.And("agents.lost_at IS NOT NULL")
	return tx.Exec(ctx, `UPDATE agents SET lost_at = NULL`+w.String(), w.Args()...)
}

func deletePresence(ctx context.Context, tx *store.Tx, user, source string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM presences
		WHERE tenant_id = $1 AND user_id = $2 AND source = $3`, user, source)
	return err
}

// loseAgent notes that an agent is missed from now on, unless they are connected elsewhere, missed already,
// or offline and hold nothing.
func loseAgent(ctx context.Context, tx *store.Tx, user string) (int64, error) {
	return tx.Exec(ctx, `
		UPDATE agents
		SET lost_at = $3
		WHERE tenant_id = $1 AND user_id = $2 AND (status <> 'offline' OR current_load > 0) AND lost_at IS NULL AND NOT EXISTS (
			SELECT 1
			FROM presences p
			WHERE p.tenant_id = $1 AND p.user_id = $2 AND p.alive_until > $3)`, user, tx.Now.UnixMicro())
}

// loseAgents notes since when agents are missed: since the last presence ran out, or since now where none
// is left that could say, and counts them. Who is offline and holds nothing is not missed.
func loseAgents(ctx context.Context, tx *store.Tx) (int64, error) {
	return tx.Exec(ctx, `
		UPDATE agents
		SET lost_at = coalesce((
			SELECT max(p.alive_until)
			FROM presences p
			WHERE p.tenant_id = $1 AND p.user_id = agents.user_id), $2)
		WHERE tenant_id = $1 AND (status <> 'offline' OR current_load > 0) AND lost_at IS NULL AND NOT EXISTS (
			SELECT 1
			FROM presences p
			WHERE p.tenant_id = $1 AND p.user_id = agents.user_id AND p.alive_until > $2)`, tx.Now.UnixMicro())
}

func deleteOldPresences(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM presences
		WHERE tenant_id = $1 AND alive_until <= $2`, tx.Now.UnixMicro())
	return err
}

// ForgetPresences takes away what is known of who is there. Agents who hold something are missed from then on, and
// have the usual time to come back.
func ForgetPresences(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM presences
		WHERE tenant_id = $1`)
	return err
}
