package identity_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// inside runs f in a new tenant.
func inside(t *testing.T, db *store.DB, slug string, f func(tx *store.Tx)) {
	t.Helper()
	tenants := tenant.New(tenant.Config{DB: db})
	err := db.Across(t.Context(), store.TenantSetUp, func(span *store.Span) error {
		made, err := tenants.Create(t.Context(), span, tenant.NewTenant{
			Slug: slug, Name: slug, Preset: "it-desk", Locale: "zh-CN", TimeZone: "UTC",
		})
		if err != nil {
			return err
		}
		return span.In(t.Context(), made.ID, func(tx *store.Tx) error {
			f(tx)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mustCreate(t *testing.T, tx *store.Tx, n identity.NewUser) identity.User {
	t.Helper()
	u, err := quick().Create(t.Context(), tx, n)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestUsersAreFoundByWhatPeopleType(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		inside(t, db, "acme", func(tx *store.Tx) {
			made := mustCreate(t, tx, identity.NewUser{Username: " Li.Wei "})
			if made.Username != "Li.Wei" || made.Name != "Li.Wei" || made.Locale != "zh-CN" || !made.Active {
				t.Errorf("made %+v", made)
			}
			for _, typed := range []string{"Li.Wei", "li.wei", "LI.WEI", " li.wei\u3000", "ｌｉ．ｗｅｉ"} {
				found, err := identity.FindByUsername(t.Context(), tx, typed)
				if err != nil || found.ID != made.ID {
					t.Errorf("%q finds %s, %v", typed, found.ID, err)
				}
				if _, err := quick().Create(t.Context(), tx, identity.NewUser{Username: typed}); !errors.Is(err, identity.ErrUsernameTaken) {
					t.Errorf("%q was given again: %v", typed, err)
				}
			}
			if _, err := identity.FindByUsername(t.Context(), tx, "liwei"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("somebody else: %v", err)
			}
			if _, err := identity.Find(t.Context(), tx, "nobody"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("nobody: %v", err)
			}
		})
		inside(t, db, "beta", func(tx *store.Tx) {
			if _, err := identity.FindByUsername(t.Context(), tx, "li.wei"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("found in another tenant: %v", err)
			}
			mustCreate(t, tx, identity.NewUser{Username: "li.wei"})
		})
	})
}

func TestCreationRefusesBadProfiles(t *testing.T) {
	db := storetest.SQLite(t)
	inside(t, db, "acme", func(tx *store.Tx) {
		for place, list := range map[string][]identity.NewUser{
			"body.username": {
				{Username: ""}, {Username: " \u3000"}, {Username: "a\nb"}, {Username: "a\u200bb"}, {Username: "a\u202eb"}, {Username: "\xff"},
				{Username: "12345678901234567890123456789012345678901234567890123456789012345"},
			},
			"body.name":   {{Username: "a", Name: "x\x00"}, {Username: "a", Name: string(make([]rune, 129))}},
			"body.email":  {{Username: "a", Email: "x"}, {Username: "a", Email: "X <x@y.example>"}, {Username: "a", Email: "x@y\n.example"}},
			"body.phone":  {{Username: "a", Phone: "call me"}, {Username: "a", Phone: "123456789012345678901234567890123"}},
			"body.locale": {{Username: "a", Locale: "fr"}},
		} {
			for i, n := range list {
				_, err := quick().Create(t.Context(), tx, n)
				if refusal := fault.From(err); refusal.Code != fault.ErrInvalid || refusal.Places[0].Location != place {
					t.Errorf("%s %d: %v", place, i, err)
				}
			}
		}
	})
}

func TestTheFirstAdministratorCountsUntilTheLinkIsRedeemed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		inside(t, db, "acme", func(tx *store.Tx) {
			ctx := t.Context()
			first := mustCreate(t, tx, identity.NewUser{Username: "root", FirstAdmin: true})
			second := mustCreate(t, tx, identity.NewUser{Username: "second"})
			both := []string{first.ID, second.ID, "nobody"}
			if got := canSignIn(ctx, t, tx, both); !slices.Equal(got, []string{first.ID}) {
				t.Errorf("at first %v can sign in", got)
			}
			if err := identity.SetPasswordHash(ctx, tx, second.ID, "hash"); err != nil {
				t.Fatal(err)
			}
			if got := canSignIn(ctx, t, tx, both); !slices.Equal(got, []string{first.ID, second.ID}) {
				t.Errorf("with a password %v can sign in", got)
			}
			if err := identity.SetPasswordHash(ctx, tx, first.ID, "hash"); err != nil {
				t.Fatal(err)
			}
			if u, err := identity.Find(ctx, tx, first.ID); err != nil || u.FirstAdmin || u.PasswordHash == nil || u.Version != first.Version+1 {
				t.Errorf("after choosing a password: %+v, %v", u, err)
			}
			if got := canSignIn(ctx, t, tx, nil); len(got) != 0 {
				t.Errorf("of nobody, %v can sign in", got)
			}
			if err := identity.SetPasswordHash(ctx, tx, "nobody", "hash"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a password for nobody: %v", err)
			}
		})
	})
}

func canSignIn(ctx context.Context, t *testing.T, tx *store.Tx, users []string) []string {
	t.Helper()
	able, err := identity.CanSignIn(ctx, tx, users)
	if err != nil {
		t.Fatal(err)
	}
	return able
}
