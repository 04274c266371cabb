package session

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// proof is what a sign-in has shown: who, and how. A session begins with one and in no other way.
type proof struct {
	session string // the id of the session to begin, always a new one, whoever used the browser before
	user    string
	amr     []string
}

// establish begins a session. The browser is known for the user from now on.
func (s *Service) establish(ctx context.Context, tx *store.Tx, p proof, from origin, b browser) (issued, error) {
	known, err := b.remember(ctx, tx, p.user)
	if err != nil {
		return issued{}, err
	}
	r := row{
		id: p.session, user: p.user, amr: p.amr, authTime: tx.Now, createdAt: tx.Now,
		expiresAt: expiry(tx.Now, tx.Now), from: from, device: known.device,
	}
	refresh := r.newFamily(tx.Tenant())
	if err := insertSession(ctx, tx, r); err != nil {
		return issued{}, err
	}
	if err := s.makeRoom(ctx, tx, r.user); err != nil {
		return issued{}, err
	}
	i, err := s.issue(ctx, tx, r, refresh)
	if err != nil {
		return issued{}, err
	}
	i.browser = known
	if known.isNew {
		tx.AfterCommit(func() { s.figures.newDevices.Add(1) })
	}
	return i.warned(ctx, tx, known.lastWarned(tx.Now))
}

// issued is what a client gets when its session begins or is renewed.
type issued struct {
	access   string
	life     time.Duration // of the access token
	refresh  refreshToken
	expires  time.Time // of the session
	at       time.Time
	user     identity.UserJSON
	browser  remembered // after a sign-in
	warnings int64      // lines of the sign-in log that the user should look at
	recovery []string   // codes, where a second factor was enrolled
	caller   *caller.Caller
}

// refusal is why somebody may not have a session, as the sign-in log and nobody else is told.
type refusal string

func (r refusal) Error() string { return string(r) }

// The reasons that lie in the state of tenant and user.
const (
	refusedSuspended refusal = "tenant_suspended"
	refusedDisabled  refusal = "user_disabled"
	refusedPassword  refusal = "no_password"       // the user has none here
	refusedMethod    refusal = "password_disabled" // the tenant does not accept them
	refusedFactor    refusal = "no_second_factor"  // the user has one, which the session has never shown
)

// admit is what every sign-in and every renewal demands of tenant and user.
func admit(t tenant.Tenant, u identity.User) error {
	switch {
	case t.Status != tenant.Active:
		return refusedSuspended
	case !u.Active:
		return refusedDisabled
	case u.PasswordHash == nil:
		return refusedPassword
	case t.LocalPassword != "enabled":
		return refusedMethod
	}
	return nil
}

// admitted reads tenant and user, and returns a [refusal] for whom [admit] refuses.
func admitted(ctx context.Context, tx *store.Tx, user string) (t tenant.Tenant, u identity.User, err error) {
	if t, err = tenant.Find(ctx, tx); err != nil {
		return t, u, err
	}
	u, err = identity.Find(ctx, tx, user)
	if errors.Is(err, store.ErrNotFound) {
		err = refusedDisabled
	}
	if err != nil {
		return t, u, err
	}
	return t, u, admit(t, u)
}

// issue makes tokens for a session. Whatever led here, tenant and user are read again, and a
// [refusal] undoes the transaction: also of a session that has never shown the second factor that its
// user has by now.
func (s *Service) issue(ctx context.Context, tx *store.Tx, r row, refresh refreshToken) (issued, error) {
	t, u, err := admitted(ctx, tx, r.user)
	if err != nil {
		return issued{}, err
	}
	if u.Enrolled && r.factorAt().IsZero() {
		return issued{}, refusedFactor
	}
	i := issued{refresh: refresh, expires: r.expiresAt, at: tx.Now, life: min(AccessTokenLife, r.expiresAt.Sub(tx.Now))}
	if i.user, err = s.config.Identity.View(ctx, tx, u.ID); err != nil {
		return issued{}, err
	}
	i.caller = &caller.Caller{
		Tenant: t.ID, User: u.ID, Session: r.id, AMR: r.amr, AuthTime: r.authTime,
		Roles: i.user.Roles, Policy: t.PolicyVersion, At: tx.Now,
	}
	i.access, err = s.accessToken(i, Epochs{Tenant: t.Epoch, User: u.Epoch})
	return i, err
}

func (s *Service) accessToken(i issued, epochs Epochs) (string, error) {
	key, err := s.keys.Load().signer(i.at)
	if err != nil {
		return "", err
	}
	return key.opened.Issue(Claims{
		Issuer: s.config.URL, Audience: []string{tokenAudience}, Subject: i.caller.User, TenantID: i.caller.Tenant,
		SessionID: i.caller.Session, ID: store.NewID(i.at), IssuedAt: i.at, ExpiresAt: i.at.Add(i.life),
		AuthTime: i.caller.AuthTime, AMR: i.caller.AMR, Roles: i.caller.Roles, Epochs: &epochs,
	})
}

// record writes the record of a session that began or was renewed, with its user as the actor.
func (s *Service) record(ctx context.Context, tx *store.Tx, i issued) error {
	api.Touched(ctx, "user", i.caller.User)
	api.Touched(ctx, "session", i.caller.Session)
	api.CallFrom(ctx).Caller = i.caller
	return s.config.Audit.Append(ctx, tx)
}
