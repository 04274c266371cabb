package policy

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type holdersInput struct {
	Name string `path:"name" maxLength:"64"`
	api.PageInput
}

type roleHolderJSON struct {
	User        personRef        `json:"user"`
	Active      bool             `json:"active"`
	List        bool             `json:"list" doc:"Whether the user has a permission list, which applies instead of the role"`
	Assignments []AssignmentJSON `json:"assignments" doc:"Those of this role, expired ones included"`
}

type holdersOutput struct {
	Body struct {
		api.Page[roleHolderJSON]
		People int `json:"people" doc:"How many people have the role, in force or not"`
		Others int `json:"others" doc:"How many of them you may not read"`
	}
}

// roleHolder is somebody who has a role.
type roleHolder struct {
	id, name     string
	active, list bool
}

func scanRoleHolder(r store.Row) (h roleHolder, err error) {
	return h, r.Scan(&h.id, &h.name, &h.active, &h.list)
}

// handleHolders lists who has a role, among those whom the caller may read.
func (s *Service) handleHolders(ctx context.Context, in *holdersInput) (*holdersOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("role:read", roleObject(by.Tenant, in.Name)); err != nil {
		return nil, err
	}
	after, err := in.After(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("user:read")
	if err != nil {
		return nil, err
	}
	out := &holdersOutput{}
	var holders []roleHolder
	var had map[string][]Assignment
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if _, err = findRole(ctx, tx, in.Name); err != nil {
			return err
		}
		if out.Body.People, out.Body.Others, err = countRoleHolders(ctx, tx, in.Name, reads); err != nil {
			return err
		}
		if holders, err = listRoleHolders(ctx, tx, in, reads, after); err != nil {
			return err
		}
		had, err = loadAssignments(ctx, tx, holderIDs(holders))
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "role", in.Name)
	item := func(h roleHolder) roleHolderJSON { return h.json(in.Name, had[h.id]) }
	out.Body.Page = api.NewPage(ctx, in.PageInput, holders, item, func(h roleHolder) []string { return []string{h.id} }, in.Name).Body
	return out, nil
}

func (h roleHolder) json(role string, had []Assignment) roleHolderJSON {
	out := roleHolderJSON{User: personRef{h.id, h.name}, Active: h.active, List: h.list, Assignments: []AssignmentJSON{}}
	for _, a := range had {
		if a.Role == role {
			out.Assignments = append(out.Assignments, a.JSON())
		}
	}
	return out
}

func holderIDs(holders []roleHolder) []string {
	ids := []string{}
	for _, h := range holders {
		ids = append(ids, h.id)
	}
	return ids
}

// hasRole joins the users u with their assignments a of a role.
const hasRole = `
		FROM role_assignments a
		JOIN users u ON u.tenant_id = $1 AND u.id = a.user_id`

// listRoleHolders returns one more than a page, by id.
func listRoleHolders(ctx context.Context, tx *store.Tx, in *holdersInput, reads access.Filter, after []string) ([]roleHolder, error) {
	w := tx.Where("a")
	w.And("a.role = ?", in.Name)
	w.AnyOf(UsersCovered(reads))
	if len(after) == 1 {
		w.And("a.user_id > ?", after[0])
	}
	return store.Collect(ctx, tx, scanRoleHolder, `
		SELECT DISTINCT a.user_id, u.name, u.active, u.permission_list IS NOT NULL`+hasRole+w.String()+`
		ORDER BY a.user_id
		LIMIT `+w.First(in.Limit+1), w.Args()...)
}

// countRoleHolders counts all who have a role, and those whom the filter does not cover.
func countRoleHolders(ctx context.Context, tx *store.Tx, role string, reads access.Filter) (all, others int, err error) {
	if all, err = countHolders(ctx, tx, role); err != nil || reads.Everything {
		return all, 0, err
	}
	w := tx.Where("a")
	w.And("a.role = ?", role)
	w.AnyOf(UsersCovered(reads))
	err = tx.QueryRow(ctx, `
		SELECT count(DISTINCT a.user_id)`+hasRole+w.String(), w.Args(), &others)
	return all, all - others, err
}
