package realtime

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// ticketLife is how long a ticket can be used.
const ticketLife = 30 * time.Second

// ticket is a row: whom it was given to, by the token they had.
type ticket struct {
	user, session          string
	amr                    []string
	authTime               time.Time
	tenantEpoch, userEpoch int64
	expires                time.Time
}

func ticketOf(who *caller.Caller, expires time.Time) ticket {
	return ticket{who.User, who.Session, who.AMR, who.AuthTime, who.TenantEpoch, who.UserEpoch, expires}
}

// caller is whom the ticket speaks for; whether they may still be heard is for the session to say.
func (t ticket) caller(tenant string) *caller.Caller {
	return &caller.Caller{
		Tenant: tenant, User: t.user, Session: t.session, AMR: t.amr, AuthTime: t.authTime,
		TenantEpoch: t.tenantEpoch, UserEpoch: t.userEpoch,
	}
}

// newTicket makes a ticket for the caller, and takes away some that nobody can use any more.
func newTicket(ctx context.Context, tx *store.Tx, who *caller.Caller) (seal.Opaque, time.Time, error) {
	if err := dropTickets(ctx, tx); err != nil {
		return seal.Opaque{}, time.Time{}, err
	}
	secret, expires := seal.NewOpaque(tx.Tenant(), store.NewID(tx.Now)), tx.Now.Add(ticketLife)
	return secret, expires, insertTicket(ctx, tx, secret, ticketOf(who, expires))
}

// holder finds whom a ticket was given to, by the same checks as a token's. It stays good: whether the
// handshake is one has yet to be seen.
func (s *Service) holder(ctx context.Context, text string) (*caller.Caller, error) {
	secret, ok := seal.ParseOpaque(text, seal.OpaqueSize)
	if !ok {
		return nil, errBadTicket
	}
	var found ticket
	err := s.config.DB.Read(ctx, secret.Tenant, func(tx *store.Tx) error {
		t, err := tenant.Find(ctx, tx)
		if err != nil {
			return err
		}
		api.CallFrom(ctx).Trail = t.ID
		found, err = findTicket(ctx, tx, secret)
		return err
	})
	if err != nil {
		return nil, badTicket(err)
	}
	who, err := s.config.Sessions.Again(ctx, found.caller(secret.Tenant))
	return who, badTicket(err)
}

// use takes the ticket away and leaves the record in its place: of any number who come with it at once,
// one finds it.
func (s *Service) use(ctx context.Context, text string) error {
	secret, ok := seal.ParseOpaque(text, seal.OpaqueSize)
	if !ok {
		return errBadTicket
	}
	return badTicket(s.config.DB.Write(ctx, secret.Tenant, func(tx *store.Tx) error {
		if err := takeTicket(ctx, tx, secret); err != nil {
			return err
		}
		return s.config.Audit.Append(ctx, tx)
	}))
}

// badTicket hides what was not found and whose session has ended; a database that fails is no bad
// ticket.
func badTicket(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, session.ErrSessionEnded) {
		return errBadTicket.Because(err)
	}
	return err
}
