package policy_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// board is a tenant in which roles and exclusions come and go, and what is in it of the present run.
type board struct {
	*rapid.T
	s      *servertest.Server
	tenant *servertest.Tenant
	root   *servertest.Client
	run    string   // begins every name of this run
	users  []string // ids
	made   int
	said   map[string]int // how often each code was answered, over all runs
}

// state is all that a change could have changed.
type state struct {
	Roles      []access.Role
	Users      []access.User
	Exclusions []exclusion
}

type exclusion struct {
	Name    string
	Roles   []string
	AtMost  int `json:"at_most"`
	Version int
}

func (b *board) state(t *testing.T) (now state) {
	c, err := b.s.Policy.Snapshot(t.Context(), b.tenant.ID)
	if err != nil {
		b.Fatal(err)
	}
	var page struct{ Items []exclusion }
	b.root.Do("GET", "/v1/exclusions?limit=200", nil).Expect(200).Into(&page)
	return state{c.Tenant().Roles, c.Tenant().Users, page.Items}
}

// most is the largest number of these roles that one user has.
func (s state) most(roles []string, at time.Time) (most int) {
	for _, u := range s.Users {
		has := map[string]bool{}
		for _, a := range u.Assignments {
			if slices.Contains(roles, a.Role) && (a.ExpiresAt.IsZero() || at.Before(a.ExpiresAt)) {
				has[a.Role] = true
			}
		}
		most = max(most, len(has))
	}
	return most
}

func (b *board) role() string { return b.roles(1, 1)[0] }

func (b *board) roles(least, most int) []string {
	names := []string{b.run + "a", b.run + "b", b.run + "c"}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(names), least, most, rapid.ID[string]).Draw(b.T, "roles")
}

// entries are assignments of roles, some of which will expire.
func (b *board) entries() []any {
	entries := []any{}
	for _, role := range b.roles(0, 3) {
		if rapid.IntRange(0, 3).Draw(b.T, "expires") == 0 {
			entries = append(entries, object{"role": role, "expires_at": later(b.s, time.Hour)})
		} else {
			entries = append(entries, role)
		}
	}
	return entries
}

func (b *board) newUser() *servertest.Answer {
	b.made++
	a := b.root.Do("POST", "/v1/users", object{"username": fmt.Sprint(b.run, b.made), "roles": b.entries()})
	if a.Status == 201 {
		b.users = append(b.users, a.String("id"))
	}
	return a
}

func (b *board) exclude() *servertest.Answer {
	return exclude(b.root, b.exclusion(), rapid.IntRange(1, 2).Draw(b.T, "bound"), b.roles(2, 3)...)
}

func (b *board) exclusion() string {
	return b.run + rapid.SampledFrom([]string{"x", "y"}).Draw(b.T, "exclusion")
}

// at calls an operation on something at the version at which it stands, if it stands.
func (b *board) at(method, path string, body any) *servertest.Answer {
	return b.root.Do(method, path, body, "If-Match", b.root.Do("GET", path, nil).ETag())
}

// step does one thing that may be refused.
func (b *board) step() *servertest.Answer {
	switch rapid.IntRange(0, 9).Draw(b.T, "step") {
	default:
		user := "/v1/users/" + rapid.SampledFrom(b.users).Draw(b.T, "user") + "/roles"
		return b.at("PUT", user, object{"roles": b.entries()})
	case 4:
		return b.newUser()
	case 5:
		return b.at("DELETE", "/v1/roles/"+b.role(), nil)
	case 6:
		return newRole(b.root, b.role())
	case 7:
		return b.exclude()
	case 8:
		change := object{"at_most": rapid.IntRange(1, 2).Draw(b.T, "bound")}
		if rapid.Bool().Draw(b.T, "other roles") {
			change["roles"] = b.roles(2, 3)
		}
		return b.at("PATCH", "/v1/exclusions/"+b.exclusion(), change)
	case 9:
		return b.at("DELETE", "/v1/exclusions/"+b.exclusion(), nil)
	}
}

// newBoard begins a run in a tenant that other runs have used before, with names of its own for
// roles and for users who have some of them.
func newBoard(r *rapid.T, s *servertest.Server, tenant *servertest.Tenant, root *servertest.Client, run int, said map[string]int) *board {
	b := &board{T: r, s: s, tenant: tenant, root: root, run: fmt.Sprintf("r%d_", run), said: said}
	for _, role := range []string{"a", "b", "c"} {
		newRole(root, b.run+role).Expect(201)
	}
	for range 2 {
		b.newUser().Expect(201)
	}
	return b
}

// Whatever is assigned, made, edited and deleted, in whatever order: nobody has more roles of an exclusion than it
// allows, and what was refused has changed nothing.
func TestExclusionsHoldWhateverIsChanged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		tenant := s.NewTenant("acme", "it-desk")
		root := tenant.NewUser("root", nil, "admin").SignIn()
		runs, said := 0, map[string]int{}
		servertest.Fewer(t, 3)
		rapid.Check(t, func(r *rapid.T) {
			runs++
			b := newBoard(r, s, tenant, root, runs, said)
			before := b.judge(t, b.state(t), b.exclude())
			for range rapid.IntRange(2, 8).Draw(r, "steps") {
				before = b.judge(t, before, b.step())
			}
			b.clear(before)
		})
		for _, code := range []string{"", "excluded_roles", "exclusion_violated", "role_in_exclusion"} {
			if said[code] == 0 {
				t.Errorf("%q was never answered: %v", code, said)
			}
		}
	})
}

// clear ends a run, so that the exclusions of all runs do not pile up.
func (b *board) clear(s state) {
	for _, x := range s.Exclusions {
		remove(b.root, "/v1/exclusions/"+x.Name).Expect(204)
	}
}

// judge holds one answer against what stood before and stands now.
func (b *board) judge(t *testing.T, before state, a *servertest.Answer) state {
	b.Helper()
	code, after := "", b.state(t)
	if a.Status >= 400 {
		code = a.Code()
	}
	b.said[code]++
	if diff := cmp.Diff(before, after); code != "" && diff != "" {
		b.Fatalf("%s and yet (-before +after):\n%s", code, diff)
	}
	for _, x := range after.Exclusions {
		if most := after.most(x.Roles, b.s.Clock.Now()); most > x.AtMost {
			b.Fatalf("somebody has %d of the roles of %+v", most, x)
		}
	}
	return after
}

// add gives a user one more role, as the caller.
func add(t *testing.T, s *servertest.Server, as, u *servertest.User, role string) func() error {
	ctx, by := t.Context(), callerOf(t, s, as)
	return func() error {
		return s.Policy.Change(ctx, by, func(tx *store.Tx) error {
			list, err := policy.Assignments(ctx, tx, u.ID)
			if err != nil {
				return err
			}
			return policy.SetAssignments(ctx, tx, u.ID, append(list, policy.Assignment{Role: role}))
		})
	}
}

func TestOfTwoWhoGiveExcludedRolesAtOnceOneIsRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		ann, deputy := acme.NewUser("ann", nil), acme.NewUser("deputy", nil, "admin")
		for range 10 {
			give(t, s, ann)
			errs := atOnce(
				add(t, s, root.User, ann, "cashier"),
				add(t, s, deputy, ann, "controller"),
			)
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), policy.ErrExcludedRoles) {
				t.Fatalf("one of two must be refused for the exclusion: %v", errs)
			}
		}
	})
}

// Two clients, one of whom gives somebody two roles while the other has them exclude each other.
func TestRolesAreGivenOrExcludedNotBoth(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		deputy, ann := acme.NewUser("deputy", nil, "admin").SignIn(), acme.NewUser("ann", nil)
		path := "/v1/users/" + ann.ID + "/roles"
		for range 10 {
			version := etag(root, path)
			var given, excluded *servertest.Answer
			atOnce(
				func() error {
					given = root.Do("PUT", path, object{"roles": []string{"cashier", "controller"}}, "If-Match", version)
					return nil
				},
				func() error { excluded = exclude(deputy, "till", 1, "cashier", "controller"); return nil },
			)
			if given.Status == 200 {
				excluded.Refused(409, "exclusion_violated")
			} else {
				given.Refused(409, "excluded_roles")
				excluded.Expect(201)
				remove(root, "/v1/exclusions/till").Expect(204)
			}
			assign(root, ann).Expect(200)
		}
	})
}
