package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// Settings say how the desk of a tenant works. Of the times that a skill may have of its own, these are
// for skills that have none.
type Settings struct {
	FallbackDepartment string        // handles conversations whose skill has no department; "" for none
	Relax              time.Duration // from this age on also agents without the skill, who keep free slots
	Overflow           time.Duration // from this age on also agents of the skill's fallback department
	Open               time.Duration // from this age on any agent of the department
	Reserve            int           // how many slots stay free with whom is given what is relaxed
	PreferLast         time.Duration // how long the requester's last agent goes first
	FirstAnswer        time.Duration // an agent's time for it; 0: nobody is hurried
	Park               time.Duration // silence of the requester that parks a conversation; 0: none does
	Resolve            time.Duration // silence that resolves a parked one; 0: none does
	Reopen             time.Duration // how long a resolved one can be reopened
	BusyMayTake        bool
	MonitorsShown      bool // the agent sees who monitors
	SupervisionReason  bool // whoever monitors, whispers or barges says why
	Version            int64
}

// loadSettings returns the settings of the transaction's tenant.
func loadSettings(ctx context.Context, tx *store.Tx) (Settings, error) {
	return store.One(ctx, tx, scanSettings, `
		SELECT s.fallback_department_id, s.relax_seconds, s.overflow_seconds, s.open_seconds, s.reserve, s.preferred_seconds,
			s.first_answer_seconds, s.park_seconds, s.resolve_seconds, s.reopen_seconds,
			s.busy_may_take, s.monitors_shown, s.supervision_reason, s.version
		FROM desk_settings s
		WHERE s.tenant_id = $1`)
}

func scanSettings(r store.Row) (Settings, error) {
	var s Settings
	var fallback sql.NullString
	var relax, overflow, open, prefer, first, park, resolve, reopen int64
	err := r.Scan(&fallback, &relax, &overflow, &open, &s.Reserve, &prefer, &first, &park, &resolve, &reopen,
		&s.BusyMayTake, &s.MonitorsShown, &s.SupervisionReason, &s.Version)
	s.FallbackDepartment = fallback.String
	for seconds, field := range map[*int64]*time.Duration{
		&relax: &s.Relax, &overflow: &s.Overflow, &open: &s.Open, &prefer: &s.PreferLast, &first: &s.FirstAnswer,
		&park: &s.Park, &resolve: &s.Resolve, &reopen: &s.Reopen,
	} {
		*field = time.Duration(*seconds) * time.Second
	}
	return s, err
}
