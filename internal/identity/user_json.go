package identity

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// UserJSON is a user as sign-in, /v1/me and /v1/users show them.
type UserJSON struct {
	ID             string                  `json:"id"`
	Username       string                  `json:"username"`
	Name           string                  `json:"name"`
	Email          string                  `json:"email"`
	Phone          string                  `json:"phone"`
	Locale         string                  `json:"locale"`
	WeComUserID    string                  `json:"wecom_user_id" doc:"Empty for none. Nobody signs in with it as long as no WeCom is connected"`
	Tenant         TenantJSON              `json:"tenant"`
	Departments    []string                `json:"departments" doc:"Ids of departments"`
	Roles          []string                `json:"roles" doc:"Names of the roles in force, each once"`
	Assignments    []policy.AssignmentJSON `json:"assignments" doc:"The roles as they were given, in force or not"`
	Permissions    []string                `json:"permissions" doc:"What is in force, canonical and sorted"`
	PermissionList []string                `json:"permission_list" nullable:"true" doc:"The user's own list, which applies instead of the roles; null when the roles decide"`
	Active         bool                    `json:"active"`
	RequiresMFA    bool                    `json:"requires_mfa" doc:"The tenant, or a role in force, demands a second factor"`
	SecondFactor   bool                    `json:"second_factor" doc:"Whether one is enrolled"`
	HasPassword    bool                    `json:"has_password"`
	MustChange     bool                    `json:"must_change_password" doc:"The password was imported. Everything but POST /v1/auth/password is refused to the user before they have changed it"`
	CreatedAt      time.Time               `json:"created_at"`
	UpdatedAt      time.Time               `json:"updated_at"`
	Version        int64                   `json:"version"`
}

// TenantJSON names a tenant.
type TenantJSON struct {
	ID          string `json:"id"`
	Slug        string `json:"slug"`
	Name        string `json:"name"`
	IdleMinutes int    `json:"idle_minutes" doc:"Without a deed, after which the console asks who is there; 0 for never"`
}

// View shows a user with what the policy of the same transaction gives them.
func (s *Service) View(ctx context.Context, tx *store.Tx, id string) (UserJSON, error) {
	u, err := Find(ctx, tx, id)
	if err != nil {
		return UserJSON{}, err
	}
	v, err := s.newViewer(ctx, tx)
	if err != nil {
		return UserJSON{}, err
	}
	return v.full(u), nil
}

// viewer turns users into JSON by one state of the tenant and its policy.
type viewer struct {
	tenant tenant.Tenant
	policy *policy.Compiled
	at     time.Time
}

// newViewer takes tenant and policy as the transaction reads them.
func (s *Service) newViewer(ctx context.Context, tx *store.Tx) (viewer, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return viewer{}, err
	}
	p, err := s.config.Policy.At(ctx, tx, t.PolicyVersion)
	return viewer{t, p, tx.Now}, err
}

func (v viewer) full(u User) UserJSON {
	subject, _ := v.policy.Subject(u.ID)
	out := UserJSON{
		ID: u.ID, Username: u.Username, Name: u.Name, Email: u.Email, Phone: u.Phone, Locale: u.Locale, WeComUserID: u.WeComUserID,
		Tenant:       TenantJSON{ID: v.tenant.ID, Slug: v.tenant.Slug, Name: v.tenant.Name, IdleMinutes: v.tenant.IdleMinutes},
		Departments:  append([]string{}, u.Departments...),
		Roles:        subject.Roles(v.at),
		Assignments:  []policy.AssignmentJSON{},
		Permissions:  subject.Permissions(v.at),
		Active:       u.Active,
		RequiresMFA:  v.policy.DemandsSecondFactor(u.ID, v.at),
		SecondFactor: u.Enrolled,
		HasPassword:  u.PasswordHash != nil,
		MustChange:   u.MustChange,
		CreatedAt:    u.CreatedAt, UpdatedAt: u.UpdatedAt, Version: u.Version,
	}
	stored := subject.User()
	out.PermissionList = policy.PermissionNames(stored.PermissionList)
	for _, a := range stored.Assignments {
		out.Assignments = append(out.Assignments, policy.Assignment(a).JSON())
	}
	return out
}

// cardJSON is what the directory shows of somebody.
type cardJSON struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Departments []string `json:"departments" doc:"Ids of departments"`
}

// personJSON is a user to those who may read them, and a card to everybody else.
type personJSON struct {
	full *UserJSON
	card cardJSON
}

// person shows all of a user to whom the filter says may read them, and the card to everybody else.
func (v viewer) person(u User, reads access.Filter) personJSON {
	if reads.Covers(u.object(v.tenant.ID)) {
		full := v.full(u)
		return personJSON{full: &full}
	}
	return personJSON{card: cardJSON{ID: u.ID, Name: u.Name, Departments: append([]string{}, u.Departments...)}}
}

// output is the answer about one user.
func (v viewer) output(by *caller.Caller, u User) (*personOutput, error) {
	reads, err := by.Filter("user:read")
	return &personOutput{ETag: api.ETag(u.Version), Body: v.person(u, reads)}, err
}

// MarshalJSON writes the one of the two that there is.
func (p personJSON) MarshalJSON() ([]byte, error) {
	if p.full != nil {
		return json.Marshal(p.full)
	}
	return json.Marshal(p.card)
}

// Schema describes both.
func (personJSON) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[UserJSON](), true, "User"),
		r.Schema(reflect.TypeFor[cardJSON](), true, "Card"),
	}}
}
