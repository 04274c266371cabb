package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

type usersInput struct {
	api.PageInput
	Query      string   `query:"q" maxLength:"128" doc:"Part of a name or, among those you may read, of a username; in any case"`
	IDs        []string `query:"ids" maxItems:"100" maxLength:"64" doc:"Ids, with commas between; only these"`
	Department string   `query:"department" maxLength:"64" doc:"Id; those in it or below it"`
	Role       string   `query:"role" maxLength:"64" doc:"Name; those who were given it, among those you may read"`
	Active     string   `query:"active" enum:"true,false" doc:"Among those you may read"`
}

// Resolve refuses a list of ids without any: whoever asks for none of the users must not get all of them.
func (in *usersInput) Resolve(hc huma.Context) []error {
	if asked := hc.URL(); len(in.IDs) == 0 && asked.Query().Has("ids") {
		return []error{&huma.ErrorDetail{Location: "query.ids", Message: "expected an id; leave it out to ask for everybody"}}
	}
	return nil
}

// sight is what a caller sees of users: all of some, the cards of others.
type sight struct{ reads, views access.Filter }

func sightOf(by *caller.Caller) (s sight, err error) {
	if s.reads, err = by.Filter("user:read"); err != nil {
		return sight{}, err
	}
	s.views, err = by.Filter("user:view")
	return s, err
}

func (s *Service) handleUsers(ctx context.Context, in *usersInput) (*api.PageOutput[personJSON], error) {
	filters := []string{in.Query, strings.Join(in.IDs, ","), in.Department, in.Role, in.Active}
	after, err := in.After(ctx, filters...)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	sees, err := sightOf(by)
	if err != nil {
		return nil, err
	}
	found, v, err := s.list(ctx, by, in, sees, after)
	if err != nil {
		return nil, err
	}
	item := func(u User) personJSON { return v.person(u, sees.reads) }
	key := func(u User) []string { return []string{store.Fold(u.Name), u.ID} }
	return api.NewPage(ctx, in.PageInput, found, item, key, filters...), nil
}

func (s *Service) list(ctx context.Context, by *caller.Caller, in *usersInput, sees sight, after []string) (found []User, v viewer, err error) {
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		if v, err = s.newViewer(ctx, tx); err != nil {
			return err
		}
		found, err = in.find(ctx, tx, sees, v.policy, after)
		return err
	})
	return found, v, err
}

// find returns the users that the caller sees by name, one more than the limit.
func (in *usersInput) find(ctx context.Context, tx *store.Tx, sees sight, p *policy.Compiled, after []string) ([]User, error) {
	w := tx.Where("u")
	w.AnyOf(slices.Concat(policy.UsersCovered(sees.reads), policy.UsersCovered(sees.views)))
	in.narrow(w, sees, p)
	from, err := in.from(ctx, tx, w, sees, p)
	if err != nil {
		return nil, err
	}
	if len(after) == 2 {
		w.And("(u.name_key, u.id) > (?, ?)", after[0], after[1])
	}
	found, err := store.Collect(ctx, tx, scanUser, `SELECT`+userColumns+`
		FROM `+from+w.String()+`
		ORDER BY u.name_key, u.id
		LIMIT `+w.First(in.Limit+1), w.Args()...)
	if err != nil {
		return nil, err
	}
	return found, addDepartments(ctx, tx, found)
}

// narrow adds what was asked for. What a card does not show can only be asked about those whom the
// caller may read: otherwise the answers would tell it.
func (in *usersInput) narrow(w *store.Where, sees sight, p *policy.Compiled) {
	if len(in.IDs) > 0 {
		w.And("u.id IN ?", store.Set(in.IDs))
	}
	if in.Department != "" {
		w.And(policy.InDepartments, store.Set(p.Reach([]string{in.Department})))
	}
	if in.Role != "" || in.Active != "" {
		w.AnyOf(policy.UsersCovered(sees.reads))
	}
	if in.Role != "" {
		w.And(`EXISTS (
			SELECT 1
			FROM role_assignments a
			WHERE a.tenant_id = $1 AND a.user_id = u.id AND a.role = ?)`, in.Role)
	}
	if in.Active != "" {
		w.And("u.active = ?", in.Active == "true")
	}
	if q := store.Fold(in.Query); q != "" {
		w.AnyOf(in.named(store.Containing(q), sees.reads))
	}
}

// named looks for a pattern in every name, and in the usernames of those whom the caller may read.
func (in *usersInput) named(pattern string, reads access.Filter) []store.Condition {
	names := []store.Condition{{Text: `u.name_key LIKE ? ESCAPE '\'`, Args: []any{pattern}}}
	for _, c := range policy.UsersCovered(reads) {
		names = append(names, store.Condition{
			Text: `u.username_key LIKE ? ESCAPE '\' AND ` + c.Text,
			Args: append([]any{pattern}, c.Args...),
		})
	}
	return names
}
