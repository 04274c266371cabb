package session

import (
	"context"

	"github.com/usher-desk/usher/internal/identity"
)

type signInCodeInput struct {
	DeviceCookie
	Body struct {
		Challenge string `json:"challenge" minLength:"1" maxLength:"512" doc:"Of the answer to the password"`
		Code      string `json:"code" minLength:"1" maxLength:"256" doc:"Six digits of the authenticator, or a recovery code"`
	}
}

func (s *Service) handleSignInCode(ctx context.Context, in *signInCodeInput) (*issuedOutput, error) {
	i, err := s.signInByCode(ctx, in.Body.Challenge, in.Body.Code, s.browserIn(in.DeviceCookie))
	if err != nil {
		return nil, nobody(ctx, err)
	}
	return s.output(i), nil
}

type signInEnrolInput struct {
	Body struct {
		Challenge string `json:"challenge" minLength:"1" maxLength:"512" doc:"Of the answer to the password"`
	}
}

type enrolmentOutput struct{ Body identity.EnrolmentJSON }

func (s *Service) handleSignInEnrol(ctx context.Context, in *signInEnrolInput) (*enrolmentOutput, error) {
	e, err := s.signInEnrolment(ctx, in.Body.Challenge)
	if err != nil {
		return nil, err
	}
	shown, err := e.JSON()
	return &enrolmentOutput{shown}, err
}
