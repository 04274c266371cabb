package realtime

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

type ticketOutput struct {
	Body struct {
		Ticket    string    `json:"ticket" doc:"To be offered as the protocol usher.ticket.<ticket> beside usher.v1; opens one WebSocket"`
		ExpiresAt time.Time `json:"expires_at" doc:"30 seconds from now"`
	}
}

func (s *Service) handleTicket(ctx context.Context, _ *struct{}) (*ticketOutput, error) {
	by := caller.Must(ctx)
	var made seal.Opaque
	out := &ticketOutput{}
	err := s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if made, out.Body.ExpiresAt, err = newTicket(ctx, tx, by); err != nil {
			return err
		}
		return s.config.Audit.Append(ctx, tx)
	})
	out.Body.Ticket = made.Text()
	return out, err
}
