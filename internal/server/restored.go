package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// endedRestored is why sessions and visits ended, as their rows say.
const endedRestored = "restored"

// history is what a database was restored to.
type history struct {
	backup string // its id; "" when other tools restored it
	reason string
}

// DeclareRestored is the second half of [Restore] for a database that other tools have restored: it ends what has to end
// and says so in every trail. Nobody may be serving it.
func DeclareRestored(ctx context.Context, p Place, reason string) (done Restored, err error) {
	installation, err := p.Alone(ctx, false)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, installation.Close()) }()
	return installation.restored(ctx, history{reason: reason})
}

// restored takes back what the database gave out and cannot answer for any more. What happened after the copy was made
// is unknown to it: a session that was ended since, a link that was used, a key that was replaced because it had leaked.
// All of it ends, in one transaction with the records.
func (i *Installation) restored(ctx context.Context, h history) (done Restored, err error) {
	address, _, err := i.Address(ctx, "")
	if err != nil {
		return Restored{}, err
	}
	s, err := i.tool(ctx, address)
	if err != nil {
		return Restored{}, err
	}
	err = i.DB.Across(ctx, store.Restoration, func(span *store.Span) error {
		done = Restored{}
		if err := session.RemoveKeys(ctx, span); err != nil {
			return err
		}
		tenants, err := store.CollectAcross(ctx, span, store.Text, `SELECT t.tenant_id FROM tenants t ORDER BY t.tenant_id`)
		if err != nil {
			return err
		}
		for _, id := range tenants {
			err := span.In(ctx, id, func(tx *store.Tx) error { return s.restoredTenant(ctx, tx, h) })
			if err != nil {
				return fmt.Errorf("tenant %s: %w", id, err)
			}
		}
		done.Tenants = len(tenants) - 1 // the platform is none
		return nil
	})
	return done, err
}

func (s *Server) restoredTenant(ctx context.Context, tx *store.Tx, h history) error {
	for _, end := range []func(context.Context, *store.Tx) error{
		tenant.RaiseEpochs,
		func(ctx context.Context, tx *store.Tx) error { return s.Sessions.EndTenant(ctx, tx, endedRestored) },
		session.VoidChallenges,
		session.ForgetAllDevices,
		identity.VoidAllLinks,
		identity.VoidEnrolments,
		identity.VoidRecoveryCodes, // each is good once, and which were used since is not known
		realtime.VoidTickets,
		desk.ForgetPresences,
	} {
		if err := end(ctx, tx); err != nil {
			return err
		}
	}
	return s.recordRestored(ctx, tx, h)
}

// recordRestored names the backup and the newest record that the trail has been restored to.
func (s *Server) recordRestored(ctx context.Context, tx *store.Tx, h history) error {
	last, err := audit.Last(ctx, tx)
	if err != nil {
		return err
	}
	act := audit.Act{Op: trail.CLI, Event: "backup.restore"}
	for _, target := range []trail.Ref{{Type: "backup", ID: h.backup}, {Type: "record", ID: last}} {
		if target.ID != "" {
			act.Targets = append(act.Targets, target)
		}
	}
	if h.reason != "" {
		act.Private = []api.PrivateChange{{Field: "reason", After: h.reason}}
	}
	return s.Audit.AppendAct(ctx, tx, act)
}
