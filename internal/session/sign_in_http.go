package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
)

type loginInput struct {
	DeviceCookie
	Body struct {
		Tenant   string `json:"tenant" required:"false" maxLength:"64" doc:"Slug of the tenant; may be left out where there is only one" example:"acme"`
		Username string `json:"username" minLength:"1" maxLength:"256"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) handleSignIn(ctx context.Context, in *loginInput) (*issuedOutput, error) {
	i, err := s.signIn(ctx, in.Body.Tenant, in.Body.Username, in.Body.Password, s.browserIn(in.DeviceCookie))
	if err != nil {
		return nil, nobody(ctx, err)
	}
	return s.output(i), nil
}

// nobody takes back who the record says is acting: what they would have been signed in for did not
// happen.
func nobody(ctx context.Context, err error) error {
	api.CallFrom(ctx).Caller = nil
	return err
}
