package audit

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Routes registers the operations of the trail.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "audit-search", Method: http.MethodGet, Path: "/v1/audit/records", Summary: "Search the audit trail, newest first",
		Access: api.Needs("audit_log:read"), Tenant: api.OfCaller, Event: "audit.search", Limit: api.Ordinary,
	}, s.handleSearch)
}

type searchInput struct {
	api.PageInput
	Actor      string   `query:"actor" maxLength:"64" doc:"Id of who did it"`
	TargetType string   `query:"target_type" maxLength:"64" doc:"Kind of thing touched, such as user"`
	Target     string   `query:"target" maxLength:"128" doc:"Id of the thing touched; goes with target_type"`
	Events     []string `query:"event" maxItems:"16" maxLength:"64" doc:"Events with commas between, such as role.update; role.* for all of a kind"`
	Outcome    string   `query:"outcome" enum:"success,failure,unknown" doc:"How it ended"`
	Session    string   `query:"session" maxLength:"64" doc:"Id of the session it was done in"`
	From       string   `query:"from" format:"date-time" maxLength:"64" doc:"Not before this instant (RFC 3339)" example:"2026-11-21T09:00:00Z"`
	To         string   `query:"to" format:"date-time" maxLength:"64" doc:"Before this instant (RFC 3339)"`

	from, to *time.Time // nil: not asked for; text, so that no instant has to stand for that
}

type recordJSON struct {
	ID       string            `json:"id"`
	Record   json.RawMessage   `json:"record" doc:"The record, version 1, byte for byte as it was written"`
	Personal map[string]string `json:"personal" doc:"The values that the record only commits to, unless erased"`
}

// check reads what the shape of the input alone does not say.
func (in *searchInput) check() (err error) {
	if (in.Target == "") != (in.TargetType == "") {
		return fault.ErrInvalid.At("query.target", "target and target_type go together")
	}
	if in.from, err = instant("query.from", in.From); err != nil {
		return err
	}
	in.to, err = instant("query.to", in.To)
	return err
}

func instant(place, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, fault.ErrInvalid.At(place, "expected an instant such as 2026-11-21T09:00:00Z")
	}
	return &t, nil
}

func (s *Service) handleSearch(ctx context.Context, in *searchInput) (*api.PageOutput[recordJSON], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	filters := []string{in.Actor, in.TargetType, in.Target, strings.Join(in.Events, ","), in.Outcome, in.Session, in.From, in.To}
	after, err := in.After(ctx, filters...)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	scope, err := by.Filter("audit_log:read")
	if err != nil {
		return nil, err
	}
	var found []stored
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		found, err = search(ctx, tx, in, scope, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.NewPage(ctx, in.PageInput, found, stored.json, func(r stored) []string { return []string{r.id} }, filters...), nil
}

func (r stored) json() recordJSON {
	return recordJSON{ID: r.id, Record: r.body, Personal: r.personal}
}
