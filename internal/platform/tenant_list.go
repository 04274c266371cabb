package platform

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type tenantsInput struct {
	api.PageInput
	Query  string `query:"q" maxLength:"128" doc:"Part of a name or slug, in any case"`
	Status string `query:"status" enum:"active,suspended"`
	Sort   string `query:"sort" enum:"slug,name,created_at,-slug,-name,-created_at" default:"slug" doc:"What the list is sorted by; - for the other way round"`
}

func (s *Service) handleTenants(ctx context.Context, in *tenantsInput) (*api.PageOutput[overviewJSON], error) {
	filters := []string{in.Query, in.Status, in.Sort}
	after, err := in.After(ctx, filters...)
	if err != nil {
		return nil, err
	}
	if err := caller.Must(ctx).Require("tenant:read", tenant.Object("")); err != nil {
		return nil, err
	}
	tenants, err := s.config.Tenants.All(ctx)
	if err != nil {
		return nil, err
	}
	views, err := s.figures(ctx, in.page(tenants, after))
	if err != nil {
		return nil, err
	}
	key := func(v view) []string { return []string{in.key(v.Tenant), v.ID} }
	return api.NewPage(ctx, in.PageInput, views, view.json, key, filters...), nil
}

// page sorts the tenants that were asked for and cuts out those after a place, one more than the
// limit. The list of an installation's tenants is short beside what they hold: it is sorted here, by
// the same folded names on both databases.
func (in *tenantsInput) page(tenants []tenant.Tenant, after []string) []tenant.Tenant {
	tenants = slices.DeleteFunc(tenants, func(t tenant.Tenant) bool {
		return !in.matches(t) || len(after) == 2 && in.compare(in.key(t), t.ID, after[0], after[1]) <= 0
	})
	slices.SortFunc(tenants, func(a, b tenant.Tenant) int { return in.compare(in.key(a), a.ID, in.key(b), b.ID) })
	return tenants[:min(len(tenants), in.Limit+1)]
}

func (in *tenantsInput) matches(t tenant.Tenant) bool {
	wanted := store.Fold(in.Query)
	return (in.Status == "" || in.Status == string(t.Status)) &&
		(strings.Contains(t.Slug, wanted) || strings.Contains(store.Fold(t.Name), wanted))
}

// key is what a tenant is sorted by, as text that sorts by its bytes.
func (in *tenantsInput) key(t tenant.Tenant) string {
	switch strings.TrimPrefix(in.Sort, "-") {
	case "name":
		return store.Fold(t.Name)
	case "created_at":
		return t.CreatedAt.Format("2006-01-02T15:04:05.000000")
	}
	return t.Slug
}

// compare orders two tenants by key, then by id.
func (in *tenantsInput) compare(a, aID, b, bID string) int {
	order := cmp.Or(strings.Compare(a, b), strings.Compare(aID, bID))
	if strings.HasPrefix(in.Sort, "-") {
		return -order
	}
	return order
}

// figures looks into each tenant of a page. The one beyond it, which only shows that there is another
// page, is looked into as well.
func (s *Service) figures(ctx context.Context, page []tenant.Tenant) (views []view, err error) {
	err = s.config.DB.AcrossRead(ctx, store.TenantFigures, func(span *store.Span) error {
		views = nil
		for _, t := range page {
			err := span.In(ctx, t.ID, func(tx *store.Tx) error {
				v, err := look(ctx, tx, t)
				views = append(views, v)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return views, err
}
