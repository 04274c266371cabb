package session

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// visit is platform staff inside a tenant: a row of the tenant, which hangs on a session of the
// platform. It is over when it was left, its time has passed, the tenant was suspended, the session
// has ended, its user's tokens are void, or the user may not enter tenants any more.
type visit struct {
	id             string
	visitor        string // the user of the platform
	username, name string // theirs, copied
	host           string // the session of the platform
	hostEpochs     Epochs // that stood there when the visit began
	reason         string
	write          bool
	createdAt      time.Time
	expiresAt      time.Time
	endedAt        time.Time // zero until it ends
	endReason      string    // a stable code
}

// Why a visit has ended; its time and its host speak for themselves.
const (
	visitLeft     = "left"
	visitRoleLost = "role_lost"
	// visitHostEnded is of a visit whose row nobody has ended: the visitor's session of the platform is.
	visitHostEnded = "platform_session_ended"

	refusedRole refusal = "role_lost"
)

// visitRoutes registers the operations on visits.
func (s *Service) visitRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "tenant-enter", Method: http.MethodPost, Path: "/v1/platform/tenants/{id}/enter", Summary: "Enter a tenant, on its record",
		Access: api.Needs("tenant:enter"), Tenant: api.OfCaller, Event: "tenant.enter", NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleEnter)
	api.Register(a, api.Operation{
		ID: "tenant-leave", Method: http.MethodPost, Path: "/v1/platform/tenants/{id}/leave", Summary: "Leave a tenant that one has entered",
		Access: api.SignedIn("whoever has entered may leave"), Visitors: true, Tenant: api.OfCaller, Event: "tenant.leave",
		NeedsNoRoom: true, Limit: api.Ordinary,
		Status: http.StatusNoContent,
	}, s.handleLeave)
	api.Register(a, api.Operation{
		ID: "visit-renew", Method: http.MethodPost, Path: "/v1/platform/tenants/{id}/renew", Summary: "Get a further access token for a visit that lasts longer than one",
		Access: api.SignedIn("the token of the visit says whose it is"), Visitors: true, Tenant: api.OfCaller, Event: "visit.renew",
		NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleRenewVisit)
	api.Register(a, api.Operation{
		ID: "visit-list", Method: http.MethodGet, Path: "/v1/visits", Summary: "List visits of platform staff, newest first",
		Access: api.Needs("audit_log:read"), Tenant: api.OfCaller, Event: "visit.list", Limit: api.Ordinary,
	}, s.handleVisits)
}

// hostClaims is what a token of the session that the visit hangs on said when the visit began.
func (v visit) hostClaims(amr []string, authTime time.Time) Claims {
	return Claims{
		TenantID: tenant.Platform, Subject: v.visitor, SessionID: v.host, AMR: amr, AuthTime: authTime, Epochs: &v.hostEpochs,
	}
}

// visiting is the caller behind the token of a visit that is in force as far as its row says: whoever
// they are on the platform at this moment, with what a visit lets them do in the tenant. Who may not
// enter tenants any more has ended the visit for good, also when the role comes back.
func (s *Service) visiting(ctx context.Context, claims Claims, v visit) (*caller.Caller, error) {
	who, err := s.hosting(ctx, v.hostClaims(claims.AMR, claims.AuthTime))
	if errors.Is(err, refusedRole) {
		return nil, errors.Join(err, s.config.DB.Write(ctx, claims.TenantID, func(tx *store.Tx) error {
			_, err := s.endVisits(ctx, tx, v.visitor, v.id, visitRoleLost)
			return err
		}))
	}
	if err != nil {
		return nil, err
	}
	compiled, err := s.config.Policy.Snapshot(ctx, claims.TenantID)
	if err == nil && compiled.Suspended() { // by what is known here, which may be a second old
		compiled, err = s.config.Policy.Latest(ctx, claims.TenantID)
	}
	if err == nil && compiled.Suspended() {
		err = ErrSessionEnded
	}
	if err != nil {
		return nil, err
	}
	return v.inside(*who, claims, compiled)
}

// hosting is the visitor on the platform, as long as they may enter tenants; otherwise the error is
// [ErrSessionEnded].
func (s *Service) hosting(ctx context.Context, host Claims) (*caller.Caller, error) {
	who, err := s.standing(ctx, host)
	if err != nil || mayEnter(who.Subject, who.At) {
		return who, err
	}
	_, subject, err := s.subject(ctx, host, s.config.Policy.Latest) // what is known here may be a second old
	if err == nil && !mayEnter(subject, who.At) {
		err = ErrSessionEnded.Because(refusedRole)
	}
	return who, err
}

func mayEnter(s access.Subject, at time.Time) bool {
	return s.Holds(access.Platform().MustOperation("tenant", "enter"), access.All, at)
}

// inside puts the platform's caller into the tenant.
func (v visit) inside(who caller.Caller, claims Claims, c *policy.Compiled) (*caller.Caller, error) {
	who.Tenant, who.Session, who.TenantEpoch, who.UserEpoch = claims.TenantID, v.id, claims.Epochs.Tenant, claims.Epochs.User
	who.Visit = &caller.Visit{Write: v.write}
	who.Catalogue, who.Policy = c.Catalogue(), c.Version
	subject, err := who.Visit.Subject(who.User, c.Snapshot)
	who.Subject = subject
	return &who, err
}

// endVisits ends the visits of somebody in the transaction's tenant, or the one named, and returns the
// ids of those that were in force.
func (s *Service) endVisits(ctx context.Context, tx *store.Tx, visitor, id, reason string) ([]string, error) {
	ended, err := endVisits(ctx, tx, visitor, id, reason)
	if err != nil {
		return nil, err
	}
	s.forgetAfter(tx, visitor)
	return ended, nil
}
