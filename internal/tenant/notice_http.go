package tenant

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type noticesInput struct {
	api.PageInput
	Acknowledged string `query:"acknowledged" enum:"true,false" doc:"Those that have been, or have yet to be; all when absent"`
}

type acknowledgeInput struct {
	ID string `path:"id" maxLength:"64"`
}

type noticeOutput struct{ Body noticeJSON }

type noticeJSON struct {
	ID             string     `json:"id"`
	Kind           string     `json:"kind" enum:"admin_link,factor_reset" doc:"A link was made for an administrator on the machine, or their second factor taken away there"`
	User           string     `json:"user" doc:"Id of the administrator"`
	CreatedAt      time.Time  `json:"created_at"`
	AcknowledgedAt *time.Time `json:"acknowledged_at" doc:"Null until somebody has"`
	AcknowledgedBy *string    `json:"acknowledged_by" doc:"Id of the user who has"`
}

func (n Notice) json() noticeJSON {
	out := noticeJSON{ID: n.ID, Kind: string(n.Kind), User: n.User, CreatedAt: n.CreatedAt}
	if n.AcknowledgedBy != "" {
		out.AcknowledgedAt, out.AcknowledgedBy = &n.AcknowledgedAt, &n.AcknowledgedBy
	}
	return out
}

func (s *Service) handleNotices(ctx context.Context, in *noticesInput) (*api.PageOutput[noticeJSON], error) {
	after, err := in.After(ctx, in.Acknowledged)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	if err := by.Require("system_config:read", settingsObject(by.Tenant)); err != nil {
		return nil, err
	}
	var found []Notice
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		found, err = in.find(ctx, tx, append(after, "")[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	key := func(n Notice) []string { return []string{n.ID} }
	return api.NewPage(ctx, in.PageInput, found, Notice.json, key, in.Acknowledged), nil
}

func (s *Service) handleAcknowledge(ctx context.Context, in *acknowledgeInput) (*noticeOutput, error) {
	n, err := s.acknowledge(ctx, caller.Must(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &noticeOutput{n.json()}, nil
}
