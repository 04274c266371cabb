package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

type ownSessionsInput struct{ api.PageInput }

type sessionsInput struct {
	identity.UserPath
	api.PageInput
}

type ownSessionsOutput struct {
	Body struct {
		api.Page[sessionJSON]
		Warnings []reuseJSON `json:"warnings" doc:"Sessions that ended in the last 30 days because somebody had copied the refresh token, newest first; 20 at most"`
	}
}

type sessionJSON struct {
	ID         string    `json:"id"`
	CreatedAt  time.Time `json:"created_at" doc:"When it began, with a sign-in"`
	LastSeenAt time.Time `json:"last_seen_at" doc:"When it was last renewed"`
	ExpiresAt  time.Time `json:"expires_at" doc:"When it ends unless it is renewed"`
	Address    string    `json:"address" doc:"Where the sign-in came from"`
	UserAgent  string    `json:"user_agent"`
	Methods    []string  `json:"methods" doc:"How the user proved who they are (RFC 8176)"`
	Current    bool      `json:"current" doc:"Whether the request was made in it"`
}

type reuseJSON struct {
	Reason    string    `json:"reason" enum:"reuse" doc:"A used refresh token was presented; the sign-in log says from where"`
	Session   string    `json:"session" doc:"The id of the session that ended"`
	Time      time.Time `json:"time"`
	Address   string    `json:"address" doc:"Where that session's sign-in had come from"`
	UserAgent string    `json:"user_agent"`
}

func (r reusedSession) json() reuseJSON {
	return reuseJSON{Reason: endedReuse, Session: r.id, Time: r.endedAt, Address: r.from.address, UserAgent: r.from.userAgent}
}

// reuseShown is how long a user is warned: nothing that was copied lives longer.
const reuseShown = SessionLife

func (s *Service) handleOwnSessions(ctx context.Context, in *ownSessionsInput) (*ownSessionsOutput, error) {
	by := caller.Must(ctx)
	var reused []reusedSession
	page, err := s.sessions(ctx, by, by.User, in.PageInput, func(tx *store.Tx) (err error) {
		reused, err = reusesOf(ctx, tx, by.User, tx.Now.Add(-reuseShown))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ownSessionsOutput{}
	out.Body.Page, out.Body.Warnings = page.Body, []reuseJSON{}
	for _, r := range reused {
		out.Body.Warnings = append(out.Body.Warnings, r.json())
	}
	return out, nil
}

func (s *Service) handleSessions(ctx context.Context, in *sessionsInput) (*api.PageOutput[sessionJSON], error) {
	by := caller.Must(ctx)
	return s.sessions(ctx, by, in.ID, in.PageInput, func(tx *store.Tx) error {
		return may(ctx, tx, by, "session:read", in.ID)
	})
}

// may asks for a permission on the sessions of a user, whose they are and whose departments count.
func may(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, user string) error {
	u, err := identity.Find(ctx, tx, user)
	if err != nil {
		return err
	}
	return by.Require(permission, &access.Object{
		Tenant: by.Tenant, Resource: "session", Owners: []string{user}, Departments: u.Departments,
	})
}

// sessions reads one page; first runs before, in the same transaction.
func (s *Service) sessions(ctx context.Context, by *caller.Caller, user string, in api.PageInput, first func(*store.Tx) error) (*api.PageOutput[sessionJSON], error) {
	after, err := in.After(ctx, user)
	if err != nil {
		return nil, err
	}
	var found []row
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if err := first(tx); err != nil {
			return err
		}
		found, err = sessionsOf(ctx, tx, user, after, in.Limit+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", user)
	item := func(r row) sessionJSON { return r.json(by.Session) }
	return api.NewPage(ctx, in, found, item, func(r row) []string { return []string{r.id} }, user), nil
}

func (r row) json(current string) sessionJSON {
	return sessionJSON{
		ID: r.id, CreatedAt: r.createdAt, LastSeenAt: r.renewedAt, ExpiresAt: r.expiresAt,
		Address: r.from.address, UserAgent: r.from.userAgent, Methods: r.amr, Current: r.id == current,
	}
}
