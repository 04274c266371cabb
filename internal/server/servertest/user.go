package servertest

import (
	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Password is what every user made by this package signs in with.
const Password = "correct horse battery staple"

// User is somebody in a tenant of the test.
type User struct {
	identity.User
	Tenant *Tenant
	Secret string // of the second factor; "" when there is none
}

// NewUser makes a user with these roles, around the guard rails. Departments are ids. Whoever would get
// nowhere without a second factor has one: a role demands it, or gives what is of high risk.
func (t *Tenant) NewUser(username string, departments []string, roles ...string) *User {
	t.server.t.Helper()
	u := t.newUser(username, departments, roles)
	if u.needsFactor() {
		u.Enrol()
	}
	return u
}

// NewUserWithoutFactor is NewUser for a user who has no second factor, whatever their roles say.
func (t *Tenant) NewUserWithoutFactor(username string, departments []string, roles ...string) *User {
	t.server.t.Helper()
	return t.newUser(username, departments, roles)
}

func (t *Tenant) newUser(username string, departments, roles []string) *User {
	s := t.server
	s.t.Helper()
	ctx := s.t.Context()
	hash, err := s.Identity.Hash(ctx, t.Slug, username, Password)
	if err != nil {
		s.t.Fatal(err)
	}
	made := &User{Tenant: t}
	err = s.DB.Write(ctx, t.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(ctx, tx); err != nil { // as whoever changes access does
			return err
		}
		if made.User, err = s.Identity.Create(ctx, tx, identity.NewUser{Username: username, Departments: departments}); err != nil {
			return err
		}
		var list []policy.Assignment
		for _, role := range roles {
			list = append(list, policy.Assignment{Role: role})
		}
		if err := policy.SetAssignments(ctx, tx, made.ID, list); err != nil {
			return err
		}
		if err := identity.SetPasswordHash(ctx, tx, made.ID, hash); err != nil {
			return err
		}
		made.User, err = identity.Find(ctx, tx, made.ID)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Policy.Forget(t.ID)
	return made
}

// needsFactor tells whether a role of the user demands a second factor or gives what is of high risk.
func (u *User) needsFactor() bool {
	s := u.Tenant.server
	s.t.Helper()
	compiled, err := s.Policy.Snapshot(s.t.Context(), u.Tenant.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	if compiled.DemandsSecondFactor(u.ID, s.DB.Now()) {
		return true
	}
	subject, _ := compiled.Subject(u.ID)
	for op := range compiled.Catalogue().Operations() {
		held := subject.Holds(op, access.Own, s.DB.Now()) || subject.Holds(op, access.Unassigned, s.DB.Now())
		if op.HighRisk() && held {
			return true
		}
	}
	return false
}

// Enrol gives the user a second factor, around sign-in.
func (u *User) Enrol() {
	s := u.Tenant.server
	s.t.Helper()
	secret := identity.NewFactorSecret()
	u.write(func(tx *store.Tx) error { return s.Identity.Enrol(s.t.Context(), tx, u.ID, secret) })
	u.Secret = secret
}

// Code is what the user's authenticator shows now. It is good although an earlier one of the same half
// minute was used: tests have no time to wait for the next.
func (u *User) Code() string {
	s := u.Tenant.server
	s.t.Helper()
	u.write(func(tx *store.Tx) error {
		_, err := tx.Exec(s.t.Context(), `UPDATE second_factors SET last_step = 0 WHERE tenant_id = $1 AND user_id = $2`, u.ID)
		return err
	})
	return u.UsedCode()
}

// UsedCode is Code where it matters that each is good once.
func (u *User) UsedCode() string {
	u.Tenant.server.t.Helper()
	code, err := identity.FactorCode(u.Secret, u.Tenant.server.Clock.Now())
	if err != nil {
		u.Tenant.server.t.Fatal(err)
	}
	return code
}

func (u *User) write(f func(tx *store.Tx) error) {
	s := u.Tenant.server
	s.t.Helper()
	if err := s.DB.Write(s.t.Context(), u.Tenant.ID, f); err != nil {
		s.t.Fatal(err)
	}
}

// SignIn signs the user in over HTTP, with the second factor where there is one, and returns a client
// with the token and the cookie.
func (u *User) SignIn() *Client {
	u.Tenant.server.t.Helper()
	c := u.Tenant.server.Client()
	c.SignIn(u)
	return c
}

// SignIn signs the user in with a client that somebody may have used before.
func (c *Client) SignIn(u *User) {
	c.server.t.Helper()
	answer := c.password(u)
	if u.Secret != "" {
		challenge := answer.Refused(401, "mfa_required").String("challenge")
		answer = c.Do("POST", "/v1/auth/login/otp", map[string]any{"challenge": challenge, "code": u.Code()})
	}
	c.Token, c.User = answer.Expect(200).String("access_token"), u
}

// Challenge signs the user in as far as the password goes and returns what the second step is asked with.
func (u *User) Challenge() string {
	u.Tenant.server.t.Helper()
	return u.Tenant.server.Client().password(u).Expect(401).String("challenge")
}

func (c *Client) password(u *User) *Answer {
	c.server.t.Helper()
	return c.Do("POST", "/v1/auth/login", map[string]any{"tenant": u.Tenant.Slug, "username": u.Username, "password": Password})
}

// StepUp shows the second factor of the client's user again, so that the client may do what is of high
// risk.
func (c *Client) StepUp() {
	c.server.t.Helper()
	c.Token = c.Do("POST", "/v1/auth/step-up", map[string]any{"code": c.User.Code()}).Expect(200).String("access_token")
}
