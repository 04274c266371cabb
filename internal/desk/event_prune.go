package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// Events are kept for whoever comes back and asks what they missed: for a day, and the last ones for longer.
// Who was away longer gets a snapshot.
const (
	eventsFor  = 24 * time.Hour
	eventsKept = 10_000
	eventsMost = 2_000 // pruned in one transaction
)

// pruneEvents takes away old events of a tenant, in batches: whoever writes the next one waits for none. They
// tell nothing that the conversations and the trail do not, and leave no record.
func (s *Service) pruneEvents(ctx context.Context, tenant string) error {
	for pruned := int64(eventsMost); pruned == eventsMost; {
		err := s.config.DB.Write(ctx, tenant, func(tx *store.Tx) (err error) {
			pruned, err = tx.Exec(ctx, `
				DELETE FROM desk_events
				WHERE tenant_id = $1 AND seq IN (
					SELECT e.seq
					FROM desk_events e
					WHERE e.tenant_id = $1 AND e.created_at <= $2
						AND e.seq <= (SELECT p.last - $3 FROM desk_positions p WHERE p.tenant_id = $1 AND p.stream = 'desk')
					ORDER BY e.seq
					LIMIT $4)`, tx.Now.Add(-eventsFor).UnixMicro(), eventsKept, eventsMost)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
