package session

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type enterInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Reason  string `json:"reason" minLength:"1" maxLength:"500" doc:"Why; the tenant's administrators read it"`
		Write   bool   `json:"write,omitempty" doc:"Ask for more than reading"`
		Minutes int    `json:"minutes,omitempty" minimum:"1" maximum:"480" doc:"How long, at most what the platform has set; that when absent"`
	}
}

func (s *Service) handleEnter(ctx context.Context, in *enterInput) (*visitOutput, error) {
	reason, err := tenant.CheckReason("body.reason", in.Body.Reason)
	if err != nil {
		return nil, err
	}
	in.Body.Reason = reason
	v, epoch, err := s.enterTenant(ctx, caller.Must(ctx), in)
	if err != nil {
		return nil, err
	}
	return s.visitOutput(ctx, v, in.ID, epoch, v.createdAt)
}

// enterTenant begins a visit and returns it with the epoch of the tenant.
func (s *Service) enterTenant(ctx context.Context, by *caller.Caller, in *enterInput) (v visit, epoch int64, err error) {
	err = s.config.DB.Across(ctx, store.TenantVisits, func(span *store.Span) error {
		v = visit{id: store.NewID(span.Now), reason: in.Body.Reason, write: in.Body.Write, createdAt: span.Now}
		err := span.In(ctx, tenant.Platform, func(tx *store.Tx) error { return s.admitVisit(ctx, tx, by, in, &v) })
		if err != nil {
			return err
		}
		if _, err := tenant.Known(ctx, span, in.ID); err != nil {
			return err
		}
		api.ActingFor(ctx, "tenant", in.ID)
		api.Touched(ctx, "tenant", in.ID)
		api.Touched(ctx, "visit", v.id)
		v.note(ctx)
		return s.recordVisit(ctx, span, in.ID, func(tx *store.Tx) error {
			epoch, err = v.begin(ctx, tx)
			return err
		})
	})
	return v, epoch, err
}

// admitVisit decides by who the visitor is now, and completes the visit with what the platform knows.
// The row of the user is held: whoever ends their sessions at the same moment waits, and the visit
// begins in time to end with its host.
func (s *Service) admitVisit(ctx context.Context, tx *store.Tx, by *caller.Caller, in *enterInput, v *visit) error {
	if err := s.config.Policy.Hold(ctx, tx, by); err != nil {
		return err
	}
	if err := by.Require("tenant:enter", tenant.Object(in.ID)); err != nil {
		return err
	}
	if err := holdUser(ctx, tx, by.User); err != nil {
		return err
	}
	host, err := findLive(ctx, tx, by.Session, by.User)
	if errors.Is(err, store.ErrNotFound) || err == nil && by.UserEpoch < host.epochs.User {
		err = ErrSessionEnded
	}
	if err != nil {
		return err
	}
	u, err := identity.Find(ctx, tx, by.User)
	if err != nil {
		return err
	}
	v.visitor, v.username, v.name, v.host, v.hostEpochs = by.User, u.Username, u.Name, by.Session, host.epochs
	return v.lastFor(ctx, tx, time.Duration(in.Body.Minutes)*time.Minute)
}

// lastFor settles when the visit ends: after the time that was asked for, or, where none was, after the longest that
// the platform has set.
func (v *visit) lastFor(ctx context.Context, tx *store.Tx, asked time.Duration) error {
	limit, err := visitLimit(ctx, tx)
	if err == nil && asked > limit {
		err = fault.ErrInvalid.At("body.minutes", "expected at most %d", int(limit.Minutes()))
	}
	v.expiresAt = v.createdAt.Add(cmp.Or(asked, limit))
	return err
}

// begin stores the visit, unless the tenant is suspended, and returns the tenant's epoch.
func (v visit) begin(ctx context.Context, tx *store.Tx) (epoch int64, err error) {
	if _, err := tenant.Hold(ctx, tx); err != nil {
		return 0, err
	}
	t, err := tenant.Find(ctx, tx)
	if err == nil && t.Status != tenant.Active {
		err = tenant.ErrSuspended
	}
	if err != nil {
		return 0, err
	}
	return t.Epoch, v.insert(ctx, tx)
}

// note tells the record what kind of visit it is. The reason is words of a person.
func (v visit) note(ctx context.Context) {
	api.Changed(ctx, "write", nil, []string{strconv.FormatBool(v.write)})
	api.ChangedPrivately(ctx, "reason", "", v.reason)
}

// recordVisit runs f inside a tenant and records the call in its trail and in the platform's.
func (s *Service) recordVisit(ctx context.Context, span *store.Span, id string, f func(*store.Tx) error) error {
	err := span.In(ctx, id, func(tx *store.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return s.config.Audit.Append(ctx, tx)
	})
	if err != nil {
		return err
	}
	return span.In(ctx, tenant.Platform, func(tx *store.Tx) error { return s.config.Audit.Append(ctx, tx) })
}
