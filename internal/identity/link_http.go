package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// errOwnLink keeps somebody with a stolen session from getting a password out of it.
var errOwnLink = fault.Define(fault.Forbidden, "own_password_link",
	"Nobody makes a password link for themselves.", "不能为自己生成设置密码链接。",
	"Change your password with the present one at POST /v1/auth/password, or ask another administrator.")

type linkOutput struct {
	Body struct {
		Link      string    `json:"link" doc:"To be handed to the user; it is shown this once"`
		ExpiresAt time.Time `json:"expires_at"`
	}
}

func (s *Service) handleCreateLink(ctx context.Context, in *UserPath) (*linkOutput, error) {
	by := caller.Must(ctx)
	out := &linkOutput{}
	err := s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if err := s.mayLink(ctx, tx, by, in.ID); err != nil {
			return err
		}
		if out.Body.Link, out.Body.ExpiresAt, err = s.CreateLink(ctx, tx, in.ID); err != nil {
			return err
		}
		api.Touched(ctx, "user", in.ID)
		return s.config.Audit.Append(ctx, tx)
	})
	return out, err
}

func (s *Service) mayLink(ctx context.Context, tx *store.Tx, by *caller.Caller, id string) error {
	u, err := s.mayReset(ctx, tx, by, id, errOwnLink)
	if err == nil && !u.Active {
		err = errDisabled
	}
	return err
}

// mayReset decides about credentials of somebody else; own refuses the caller's own.
func (s *Service) mayReset(ctx context.Context, tx *store.Tx, by *caller.Caller, id string, own error) (User, error) {
	if err := s.config.Policy.Hold(ctx, tx, by); err != nil {
		return User{}, err
	}
	u, err := mayChange(ctx, tx, by, "user:reset_credentials", id)
	if err == nil && id == by.User {
		err = own
	}
	if err == nil {
		err = policy.MayTouch(by, id)
	}
	return u, err
}

type redeemInput struct {
	Body struct {
		Link     string `json:"link" minLength:"1" maxLength:"1024" doc:"The link, or what stands behind its #"`
		Password string `json:"password" maxLength:"1024" doc:"The password to be"`
	}
}

type redeemOutput struct {
	Body struct {
		Tenant   string `json:"tenant" doc:"Slug"`
		Username string `json:"username" doc:"Whom the password is for"`
	}
}

func (s *Service) handleRedeemLink(ctx context.Context, in *redeemInput) (*redeemOutput, error) {
	link, err := parseLink(in.Body.Link)
	if err != nil {
		return nil, err
	}
	who, err := s.lookAtLink(ctx, link)
	if err != nil {
		return nil, err
	}
	hash, err := s.Hash(ctx, who.slug, who.user.Username, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if err := s.redeem(ctx, link, hash); err != nil {
		return nil, err
	}
	out := &redeemOutput{}
	out.Body.Tenant, out.Body.Username = who.slug, who.user.Username
	return out, nil
}
