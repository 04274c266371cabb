package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// loadSettings returns the settings of the transaction's tenant; [store.ErrNotFound] for the platform,
// which has no desk.
func loadSettings(ctx context.Context, tx *store.Tx) (Settings, error) {
	return store.One(ctx, tx, scanSettings, `
		SELECT
			s.fallback_department_id,
			s.relax_seconds,
			s.overflow_seconds,
			s.open_seconds,
			s.reserve,
			s.preferred_seconds,
			s.first_answer_seconds,
			s.park_seconds,
			s.resolve_seconds,
			s.reopen_seconds,
			s.busy_may_take,
			s.monitors_shown,
			s.supervision_reason,
			s.version,
			s.updated_at
		FROM desk_settings s
		WHERE s.tenant_id = $1`)
}

func scanSettings(r store.Row) (Settings, error) {
	var s Settings
	var fallback sql.NullString
	var updated int64
	err := r.Scan(&fallback, seconds{&s.Relax}, seconds{&s.Overflow}, seconds{&s.Open}, &s.Reserve, seconds{&s.PreferLast},
		seconds{&s.FirstAnswer}, seconds{&s.Park}, seconds{&s.Resolve}, seconds{&s.Reopen},
		&s.BusyMayTake, &s.MonitorsShown, &s.SupervisionReason, &s.Version, &updated)
	s.FallbackDepartment, s.UpdatedAt = fallback.String, time.UnixMicro(updated).UTC()
	return s, err
}

// columns are the settings as they are kept, without version and time.
func (s Settings) columns() []any {
	return []any{
		optional(s.FallbackDepartment), inSeconds(s.Relax), inSeconds(s.Overflow), inSeconds(s.Open), s.Reserve, inSeconds(s.PreferLast),
		inSeconds(s.FirstAnswer), inSeconds(s.Park), inSeconds(s.Resolve), inSeconds(s.Reopen),
		s.BusyMayTake, s.MonitorsShown, s.SupervisionReason,
	}
}

func (s Settings) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO desk_settings (tenant_id, fallback_department_id, relax_seconds, overflow_seconds, open_seconds, reserve,
			preferred_seconds, first_answer_seconds, park_seconds, resolve_seconds, reopen_seconds,
			busy_may_take, monitors_shown, supervision_reason, version, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		append(s.columns(), s.Version, s.UpdatedAt.UnixMicro())...)
	return err
}

// store writes the settings over the version before theirs.
func (s Settings) store(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE desk_settings
		SET fallback_department_id = $2,
			relax_seconds = $3,
			overflow_seconds = $4,
			open_seconds = $5,
			reserve = $6,
			preferred_seconds = $7,
			first_answer_seconds = $8,
			park_seconds = $9,
			resolve_seconds = $10,
			reopen_seconds = $11,
			busy_may_take = $12,
			monitors_shown = $13,
			supervision_reason = $14,
			version = $15,
			updated_at = $16
		WHERE tenant_id = $1 AND version = $15 - 1`,
		append(s.columns(), s.Version, s.UpdatedAt.UnixMicro())...)
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

func inSeconds(d time.Duration) int64 { return int64(d / time.Second) }

// seconds scans a column of seconds, without a value as 0.
type seconds struct{ into *time.Duration }

// Scan is that of [sql.Scanner].
func (s seconds) Scan(value any) error {
	var n sql.NullInt64
	err := n.Scan(value)
	*s.into = time.Duration(n.Int64) * time.Second
	return err
}
