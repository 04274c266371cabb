package session

import (
	"context"
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
