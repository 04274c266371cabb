package tenant

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// NoticeKind says what happened to a tenant from outside.
type NoticeKind string

// The kinds. Each is about a user, an administrator of the tenant.
const (
	AdminLink   NoticeKind = "admin_link"   // a link was made for them on the machine
	FactorReset NoticeKind = "factor_reset" // their second factor was taken away on the machine
)

// Notice is what a tenant's administrators are shown until one of them has acknowledged it. The trail
// has it as well, but nobody reads a trail unasked.
type Notice struct {
	ID             string
	Kind           NoticeKind
	User           string // id of whom it is about
	CreatedAt      time.Time
	AcknowledgedAt time.Time // zero until then
	AcknowledgedBy string    // id of the user who did
}

// Give tells the administrators of the transaction's tenant.
func Give(ctx context.Context, tx *store.Tx, kind NoticeKind, user string) error {
	return Notice{ID: store.NewID(tx.Now), Kind: kind, User: user, CreatedAt: tx.Now}.insert(ctx, tx)
}

// noticeRoutes registers the operations on notices.
func (s *Service) noticeRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "notice-list", Method: http.MethodGet, Path: "/v1/notices", Summary: "List what administrators should know, newest first",
		Access: api.Needs("system_config:read"), Tenant: api.OfCaller, Event: "notice.list", Limit: api.Ordinary,
	}, s.handleNotices)
	api.Register(a, api.Operation{
		ID: "notice-acknowledge", Method: http.MethodPost, Path: "/v1/notices/{id}/acknowledge", Summary: "Say that a notice has been read",
		Access: api.Needs("system_config:update"), Tenant: api.OfCaller, Event: "notice.acknowledge", Limit: api.Ordinary,
	}, s.handleAcknowledge)
}

// acknowledge notes who has read a notice. The first to do so stays.
func (s *Service) acknowledge(ctx context.Context, by *caller.Caller, id string) (n Notice, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := by.Require("system_config:update", settingsObject(by.Tenant)); err != nil {
			return err
		}
		if err := acknowledgeNotice(ctx, tx, id, by.User); err != nil {
			return err
		}
		if n, err = findNotice(ctx, tx, id); err != nil {
			return err
		}
		api.Touched(ctx, "notice", id)
		return s.config.Audit.Append(ctx, tx)
	})
	return n, err
}
