package session

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type visitsInput struct{ api.PageInput }

type visitJSON struct {
	ID        string      `json:"id"`
	Visitor   visitorJSON `json:"visitor"`
	Reason    string      `json:"reason"`
	Write     bool        `json:"write" doc:"Whether more than reading was asked for"`
	Active    bool        `json:"active" doc:"Whether the visitor is inside now"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt time.Time   `json:"expires_at" doc:"Until when it lasts at most"`
	EndedAt   *time.Time  `json:"ended_at" doc:"When it was ended; null while it has not, and where it ended by itself"`
	EndReason string      `json:"end_reason,omitempty" doc:"Why it was over before its time" example:"left"`
}

type visitorJSON struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
}

// active reports whether the visit is in force, as far as its row says.
func (v visit) active(now time.Time) bool { return v.endReason == "" && now.Before(v.expiresAt) }

func (v visit) json(now time.Time) visitJSON {
	out := visitJSON{
		ID: v.id, Visitor: visitorJSON{ID: v.visitor, Username: v.username, Name: v.name}, Reason: v.reason, Write: v.write,
		Active: v.active(now), CreatedAt: v.createdAt, ExpiresAt: v.expiresAt, EndReason: v.endReason,
	}
	if !v.endedAt.IsZero() {
		out.EndedAt = &v.endedAt
	}
	return out
}

// handleVisits shows all of a tenant's visits to those who may read all of its trail, and none to
// those who may read their own records: no visit is one of theirs.
func (s *Service) handleVisits(ctx context.Context, in *visitsInput) (*api.PageOutput[visitJSON], error) {
	by := caller.Must(ctx)
	after, err := in.After(ctx)
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("audit_log:read")
	if err != nil {
		return nil, err
	}
	var found []visit
	if reads.Everything {
		if found, err = s.visits(ctx, by.Tenant, append(after, "")[0], in.Limit+1); err != nil {
			return nil, err
		}
	}
	item := func(v visit) visitJSON { return v.json(by.At) }
	return api.NewPage(ctx, in.PageInput, found, item, func(v visit) []string { return []string{v.id} }), nil
}

// visits reads visits, and of those that seem to be in force whether their visitors still stand on the
// platform.
func (s *Service) visits(ctx context.Context, id, before string, limit int) (found []visit, err error) {
	err = s.config.DB.Read(ctx, id, func(tx *store.Tx) (err error) {
		found, err = visitsOf(ctx, tx, before, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range found {
		if err := s.askHost(ctx, &found[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// askHost gives a visit that seems to be in force the reason why it is over, where its visitor does not stand on the
// platform any more.
func (s *Service) askHost(ctx context.Context, v *visit) error {
	if !v.active(s.config.DB.Now()) {
		return nil
	}
	_, err := s.hosting(ctx, v.hostClaims(nil, time.Time{}))
	switch {
	case errors.Is(err, refusedRole):
		v.endReason = visitRoleLost
	case errors.Is(err, ErrSessionEnded):
		v.endReason = visitHostEnded
	default:
		return err
	}
	return nil
}
