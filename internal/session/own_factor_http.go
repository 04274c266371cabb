package session

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// factorRoutes registers the operations on one's own second factor.
func (s *Service) factorRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "me-second-factor", Method: http.MethodGet, Path: "/v1/me/second-factor", Summary: "Read whether one has a second factor, and must",
		Access: api.SignedIn("everyone has a second factor of their own"), Tenant: api.OfCaller, Event: "second_factor.read", Limit: api.Ordinary, Enrolling: true,
	}, s.handleFactor)
	api.Register(a, api.Operation{
		ID: "me-second-factor-enrol", Method: http.MethodPost, Path: "/v1/me/second-factor/enrol", Summary: "Begin to enrol a second factor, or another one",
		Access: api.SignedIn("everyone has a second factor of their own"), Tenant: api.OfCaller, Event: "second_factor.enrol",
		NeedsNoRoom: true, Limit: api.Ordinary, Enrolling: true,
	}, s.handleEnrolFactor)
	api.Register(a, api.Operation{
		ID: "me-second-factor-confirm", Method: http.MethodPost, Path: "/v1/me/second-factor/confirm", Summary: "Confirm one's new second factor with its first code",
		Access: api.SignedIn("everyone has a second factor of their own"), Tenant: api.OfCaller, Event: "second_factor.confirm",
		NeedsNoRoom: true, Limit: api.Ordinary,
		Enrolling: true, SameOrigin: true,
	}, s.handleConfirmFactor)
	api.Register(a, api.Operation{
		ID: "me-second-factor-remove", Method: http.MethodPost, Path: "/v1/me/second-factor/remove", Summary: "Remove one's own second factor",
		Access: api.SignedIn("everyone has a second factor of their own"), Tenant: api.OfCaller, Event: "second_factor.remove", Limit: api.Ordinary,
		StepUp: true, SameOrigin: true,
	}, s.handleRemoveFactor)
	api.Register(a, api.Operation{
		ID: "me-recovery-codes", Method: http.MethodPost, Path: "/v1/me/second-factor/recovery-codes", Summary: "Make new recovery codes and void the old ones",
		Access: api.SignedIn("everyone has a second factor of their own"), Tenant: api.OfCaller, Event: "recovery_codes.create", Limit: api.Ordinary,
		StepUp: true,
	}, s.handleRecoveryCodes)
}

type factorOutput struct {
	Body struct {
		Enrolled          bool       `json:"enrolled"`
		EnrolledAt        *time.Time `json:"enrolled_at" doc:"null when not enrolled"`
		Required          bool       `json:"required" doc:"The tenant, or a role in force, demands one"`
		RecoveryCodesLeft int        `json:"recovery_codes_left"`
	}
}

func (s *Service) handleFactor(ctx context.Context, _ *struct{}) (*factorOutput, error) {
	by := caller.Must(ctx)
	out := &factorOutput{}
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		state, err := identity.FactorStateOf(ctx, tx, by.User)
		if err != nil {
			return err
		}
		me, err := s.config.Identity.View(ctx, tx, by.User)
		out.Body.Enrolled, out.Body.Required, out.Body.RecoveryCodesLeft = state.Enrolled, me.RequiresMFA, state.RecoveryCodesLeft
		if state.Enrolled {
			out.Body.EnrolledAt = &state.EnrolledAt
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", by.User)
	return out, nil
}

type enrolFactorInput struct {
	DeviceCookie
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"1024" doc:"The present password"`
	}
}

func (s *Service) handleEnrolFactor(ctx context.Context, in *enrolFactorInput) (*enrolmentOutput, error) {
	e, err := s.enrolFactor(ctx, caller.Must(ctx), in.Body.Password, s.browserIn(in.DeviceCookie))
	if err != nil {
		return nil, over(err)
	}
	shown, err := e.JSON()
	return &enrolmentOutput{shown}, err
}

type confirmFactorInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"256" doc:"Six digits, of the secret that was shown"`
	}
}

func (s *Service) handleConfirmFactor(ctx context.Context, in *confirmFactorInput) (*issuedOutput, error) {
	i, err := s.confirmFactor(ctx, caller.Must(ctx), in.Body.Code)
	if err != nil {
		return nil, over(err)
	}
	return s.output(i), nil
}

func (s *Service) handleRemoveFactor(ctx context.Context, _ *struct{}) (*issuedOutput, error) {
	i, err := s.removeFactor(ctx, caller.Must(ctx))
	if err != nil {
		return nil, over(err)
	}
	return s.output(i), nil
}

type recoveryCodesOutput struct {
	Body struct {
		RecoveryCodes []string `json:"recovery_codes" doc:"Shown this once"`
	}
}

func (s *Service) handleRecoveryCodes(ctx context.Context, _ *struct{}) (*recoveryCodesOutput, error) {
	codes, err := s.renewRecoveryCodes(ctx, caller.Must(ctx))
	if err != nil {
		return nil, over(err)
	}
	out := &recoveryCodesOutput{}
	out.Body.RecoveryCodes = codes
	return out, nil
}
