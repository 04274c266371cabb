package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
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
	browser  knownBrowser // after a sign-in
	warnings int64        // lines of the sign-in log that the user should look at
	recovery []string     // codes, where a second factor was enrolled
	caller   *caller.Caller
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
