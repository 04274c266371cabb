package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

type ownSignInsInput struct{ api.PageInput }

type signInsInput struct {
	ID string `path:"id" maxLength:"64"`
	api.PageInput
}

type signInJSON struct {
	ID        string    `json:"id"`
	Time      time.Time `json:"time"`
	Method    string    `json:"method" example:"password" doc:"password, totp, recovery_code, or refresh where a used refresh token came back"`
	Outcome   string    `json:"outcome" enum:"success,failure,challenged" doc:"Challenged: the password was right, and a second factor was waited for"`
	Reason    string    `json:"reason,omitempty" doc:"Why it failed, or what was waited for" example:"wrong_password"`
	Tries     int64     `json:"tries" doc:"How many attempts the line stands for"`
	Address   string    `json:"address"`
	UserAgent string    `json:"user_agent"`
}

func (l signInLine) json() signInJSON {
	return signInJSON{
		ID: l.id, Time: l.time, Method: l.method, Outcome: l.outcome, Reason: string(l.reason), Tries: l.tries,
		Address: l.from.address, UserAgent: l.from.userAgent,
	}
}

func (s *Service) handleOwnSignInLog(ctx context.Context, in *ownSignInsInput) (*api.PageOutput[signInJSON], error) {
	by := caller.Must(ctx)
	return s.signIns(ctx, by, by.User, in.PageInput, nil)
}

func (s *Service) handleSignInLog(ctx context.Context, in *signInsInput) (*api.PageOutput[signInJSON], error) {
	by := caller.Must(ctx)
	return s.signIns(ctx, by, in.ID, in.PageInput, func(tx *store.Tx) error {
		log := access.Object{Tenant: by.Tenant, Resource: "audit_log", Owners: []string{in.ID}}
		if err := by.Require("audit_log:read", &log); err != nil {
			return err
		}
		_, err := identity.Find(ctx, tx, in.ID)
		return err
	})
}

// signIns reads one page; allow, where given, decides in the same transaction.
func (s *Service) signIns(ctx context.Context, by *caller.Caller, user string, in api.PageInput, allow func(*store.Tx) error) (*api.PageOutput[signInJSON], error) {
	after, err := in.After(ctx, user)
	if err != nil {
		return nil, err
	}
	before := ""
	if len(after) == 1 {
		before = after[0]
	}
	var found []signInLine
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if allow != nil {
			if err := allow(tx); err != nil {
				return err
			}
		}
		found, err = signInsOf(ctx, tx, user, before, in.Limit+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", user)
	return api.NewPage(ctx, in, found, signInLine.json, func(l signInLine) []string { return []string{l.id} }, user), nil
}
