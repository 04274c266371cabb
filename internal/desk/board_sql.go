package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// boardFigures reads the board of the transaction's tenant. Of the conversations it touches those in which
// somebody has something to do, and of the cycles those of today: what is over costs nothing.
func (s *Service) boardFigures(ctx context.Context, tx *store.Tx) (figures, error) {
	f := figures{at: tx.Now}
	zone, err := tenant.Zone(ctx, tx)
	if err != nil {
		return f, err
	}
	settings, err := loadSettings(ctx, tx)
	if err != nil {
		return f, err
	}
	f.day, f.fallback = calendar.DayAt(tx.Now, zone), settings.FallbackDepartment
	if f.today, err = readToday(ctx, tx, f.day.Start(zone)); err != nil {
		return f, err
	}
	if err := f.readLanes(ctx, tx); err != nil {
		return f, err
	}
	return f, f.readAgents(ctx, tx)
}

// readLanes reads what waits and what is open, with the names of skills and departments.
func (f *figures) readLanes(ctx context.Context, tx *store.Tx) (err error) {
	f.skills, err = store.Collect(ctx, tx, scanLaneSkill, `
		SELECT k.id, k.name, k.department_id, k.active
		FROM skills k
		WHERE k.tenant_id = $1
		ORDER BY k.place, k.id`)
	if err != nil {
		return err
	}
	if f.departments, err = readNames(ctx, tx, `SELECT d.id, d.name FROM departments d WHERE d.tenant_id = $1`); err != nil {
		return err
	}
	f.waiting, err = store.Collect(ctx, tx, scanLaneWait, `
		SELECT c.skill_id, c.department_id, count(*), min(c.queued_at)
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.state = 'queued'
		GROUP BY c.skill_id, c.department_id`)
	if err != nil {
		return err
	}
	f.open, err = store.Collect(ctx, tx, scanOpenCount, `
		SELECT c.department_id, c.state, count(*)
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.state IN ('active', 'on_hold', 'parked')
		GROUP BY c.department_id, c.state`)
	return err
}

func scanLaneSkill(r store.Row) (laneSkill, error) {
	var k laneSkill
	var department sql.NullString
	err := r.Scan(&k.ID, &k.Name, &department, &k.active)
	k.department = department.String
	return k, err
}

func scanLaneWait(r store.Row) (laneWait, error) {
	var w laneWait
	var skill, department sql.NullString
	var since int64
	err := r.Scan(&skill, &department, &w.count, &since)
	w.lane, w.since = lane{skill.String, department.String}, time.UnixMicro(since).UTC()
	return w, err
}

func scanOpenCount(r store.Row) (openCount, error) {
	var o openCount
	var department sql.NullString
	err := r.Scan(&department, &o.state, &o.count)
	o.department = department.String
	return o, err
}
