package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type countsInput struct{ ConversationFilter }

type countsOutput struct{ Body countsJSON }

type countsJSON struct {
	All       int64 `json:"all"`
	Queued    int64 `json:"queued"`
	Active    int64 `json:"active"`
	OnHold    int64 `json:"on_hold"`
	Parked    int64 `json:"parked"`
	Resolved  int64 `json:"resolved"`
	Closed    int64 `json:"closed"`
	Abandoned int64 `json:"abandoned"`
	Mine      int64 `json:"mine" doc:"Those that you work on: active and on hold"`
	Asked     int64 `json:"asked" doc:"Those that you asked, and that have not ended"`
}

func (s *Service) handleCounts(ctx context.Context, in *countsInput) (*countsOutput, error) {
	by := caller.Must(ctx)
	var n countsJSON
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		n, err = in.count(ctx, tx, by)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Counted(ctx, int(n.All))
	return &countsOutput{n}, nil
}

// count counts what a list with the same filter would hold.
func (f *ConversationFilter) count(ctx context.Context, tx *store.Tx, by *caller.Caller) (n countsJSON, err error) {
	w, err := f.where(tx, by)
	if err != nil {
		return n, err
	}
	self := w.Param(1)
	err = tx.QueryRow(ctx, `
		SELECT
			count(*),
			count(*) FILTER (WHERE c.state = 'queued'),
			count(*) FILTER (WHERE c.state = 'active'),
			count(*) FILTER (WHERE c.state = 'on_hold'),
			count(*) FILTER (WHERE c.state = 'parked'),
			count(*) FILTER (WHERE c.state = 'resolved'),
			count(*) FILTER (WHERE c.state = 'closed'),
			count(*) FILTER (WHERE c.state = 'abandoned'),
			count(*) FILTER (WHERE c.state IN ('active', 'on_hold') AND c.assignee_id = `+self+`),
			count(*) FILTER (WHERE c.state IN ('queued', 'active', 'on_hold', 'parked') AND c.requester_id = `+self+`)
		FROM conversations c`+w.String(), w.Args(by.User),
		&n.All, &n.Queued, &n.Active, &n.OnHold, &n.Parked, &n.Resolved, &n.Closed, &n.Abandoned, &n.Mine, &n.Asked)
	return n, err
}
