package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// SetUp gives a new tenant its desk: it is a [tenant.Participant]. Migration 0011 gave the same to the
// tenants that there were before; a test holds the two together.
func SetUp(ctx context.Context, tx *store.Tx, _ tenant.Tenant) error {
	settings := firstSettings
	settings.UpdatedAt = tx.Now
	if err := settings.insert(ctx, tx); err != nil {
		return err
	}
	for _, p := range firstPositions {
		if err := insertPosition(ctx, tx, p.stream, p.last); err != nil {
			return err
		}
	}
	for i, k := range firstSkills {
		k.Place, k.Active, k.Version, k.CreatedAt, k.UpdatedAt = i+1, true, 1, tx.Now, tx.Now
		if err := k.insert(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// firstSettings are those that a desk begins with: ages as the design has them, nobody hurried, nothing
// parked or resolved by itself, and three days to reopen.
var firstSettings = Settings{
	Ages:       Ages{Relax: 2 * time.Minute, Overflow: 5 * time.Minute, Open: quarter},
	Reserve:    1,
	PreferLast: 30 * time.Second,
	Reopen:     72 * time.Hour,

	BusyMayTake:   true,
	MonitorsShown: true,
	Version:       1,
}

const quarter = 15 * time.Minute

// firstPositions are where the streams of a desk begin. The first conversation is #1001: a small number
// would tell how young the desk is.
var firstPositions = []struct {
	stream string
	last   int64
}{{deskStream, 0}, {numbers, 1000}}

// firstSkills have ids that can be read, so that a program may name them in every tenant. What is about
// security goes to nobody without the skill for a quarter of an hour.
var firstSkills = []Skill{
	{ID: "computer", Name: "电脑"},
	{ID: "software", Name: "软件"},
	{ID: "peripheral", Name: "外设"},
	{ID: "network", Name: "网络"},
	{ID: "security", Name: "安全", Ages: &Ages{Relax: quarter, Overflow: quarter, Open: quarter}},
	{ID: "asset", Name: "资产"},
	{ID: "other", Name: "其他"},
}

func insertPosition(ctx context.Context, tx *store.Tx, stream string, last int64) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO desk_positions (tenant_id, stream, last)
		VALUES ($1, $2, $3)`, stream, last)
	return err
}
