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

// SignInPage asks for one page of the log. It is exported because huma passes over embedded structs that
// are not.
type SignInPage struct {
	api.PageInput
	NewDevice string `query:"new_device" enum:"true,false" doc:"Whether it was a sign-in with a browser that was new for the user"`
	Burst     string `query:"burst" enum:"true,false" doc:"Whether a burst of failures began with it"`
}

// narrow adds what was asked for.
func (p SignInPage) narrow(w *store.Where) {
	if p.NewDevice != "" {
		w.And("l.new_device = ?", p.NewDevice == "true")
	}
	if p.Burst != "" {
		w.And("l.burst = ?", p.Burst == "true")
	}
}

// filters are what a cursor is bound to.
func (p SignInPage) filters(user string) []string { return []string{user, p.NewDevice, p.Burst} }

type ownSignInsInput struct{ SignInPage }

type signInsInput struct {
	identity.UserPath
	SignInPage
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
	NewDevice bool      `json:"new_device" doc:"The user signed in with a browser that was new for them"`
	Burst     bool      `json:"burst" doc:"A burst of failures: so many that the next try had to wait, or more than have a line each"`
}

func (l signInLine) json() signInJSON {
	return signInJSON{
		ID: l.id, Time: l.time, Method: l.method, Outcome: l.outcome, Reason: string(l.reason), Tries: l.tries,
		Address: l.from.address, UserAgent: l.from.userAgent,
		NewDevice: l.newDevice, Burst: l.burst,
	}
}

func (s *Service) handleOwnSignInLog(ctx context.Context, in *ownSignInsInput) (*api.PageOutput[signInJSON], error) {
	by := caller.Must(ctx)
	return s.signIns(ctx, by, by.User, in.SignInPage, nil)
}

func (s *Service) handleSignInLog(ctx context.Context, in *signInsInput) (*api.PageOutput[signInJSON], error) {
	by := caller.Must(ctx)
	return s.signIns(ctx, by, in.ID, in.SignInPage, func(tx *store.Tx) error {
		log := access.Object{Tenant: by.Tenant, Resource: "audit_log", Owners: []string{in.ID}}
		if err := by.Require("audit_log:read", &log); err != nil {
			return err
		}
		_, err := identity.Find(ctx, tx, in.ID)
		return err
	})
}

// signIns reads one page; allow, where given, decides in the same transaction.
func (s *Service) signIns(ctx context.Context, by *caller.Caller, user string, in SignInPage, allow func(*store.Tx) error) (*api.PageOutput[signInJSON], error) {
	after, err := in.After(ctx, in.filters(user)...)
	if err != nil {
		return nil, err
	}
	var found []signInLine
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if allow != nil {
			if err := allow(tx); err != nil {
				return err
			}
		}
		found, err = signInsOf(ctx, tx, user, in, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", user)
	return api.NewPage(ctx, in.PageInput, found, signInLine.json, func(l signInLine) []string { return []string{l.id} }, in.filters(user)...), nil
}
