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
	parts, err := f.parts(tx, by, together)
	if err != nil {
		return n, err
	}
	for _, p := range parts {
		m, err := p.count(ctx, tx, by.User)
		if err != nil {
			return n, err
		}
		n.add(m)
	}
	return n, nil
}

func (p part) count(ctx context.Context, tx *store.Tx, user string) (n countsJSON, err error) {
	self := p.Param(1)
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
		FROM conversations c`+p.String(), p.Args(user),
		&n.All, &n.Queued, &n.Active, &n.OnHold, &n.Parked, &n.Resolved, &n.Closed, &n.Abandoned, &n.Mine, &n.Asked)
	return n, err
}

func (n *countsJSON) add(m countsJSON) {
	n.All += m.All
	n.Queued += m.Queued
	n.Active += m.Active
	n.OnHold += m.OnHold
	n.Parked += m.Parked
	n.Resolved += m.Resolved
	n.Closed += m.Closed
	n.Abandoned += m.Abandoned
	n.Mine += m.Mine
	n.Asked += m.Asked
}
