package server_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// vault is an installation with something sealed of every kind.
type vault struct {
	server.Place
	tenant, user, secret string
	signingKey           string // its id
}

func eachVault(t *testing.T, f func(t *testing.T, v *vault)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, newVault(t, server.Place{Data: t.TempDir()})) })
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		f(t, newVault(t, server.Place{Data: t.TempDir(), Postgres: application, PostgresOwner: owner}))
	})
}

func newVault(t *testing.T, place server.Place) *vault {
	t.Helper()
	err := server.Initialise(t.Context(), place, server.FirstTenant{
		Tenant: tenant.NewTenant{Slug: "acme", Name: "Acme", Preset: "it-desk", Locale: "en", TimeZone: "UTC"},
		Admin:  "zhou", Password: "a lamp, a kettle, a long night",
	})
	if err != nil {
		t.Fatal(err)
	}
	v := &vault{Place: place}
	v.serve(t, func(s *server.Server, db *store.DB) {
		acme, err := s.Tenants.BySlug(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		v.tenant = acme.ID
		err = db.Write(t.Context(), v.tenant, func(tx *store.Tx) error {
			u, err := identity.FindByUsername(t.Context(), tx, "zhou")
			if err != nil {
				return err
			}
			v.user, v.secret = u.ID, identity.NewFactorSecret()
			if err := s.Identity.Enrol(t.Context(), tx, v.user, v.secret); err != nil {
				return err
			}
			_, err = s.Identity.BeginEnrolment(t.Context(), tx, v.user)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		v.signingKey = signingKey(t, s)
	})
	return v
}

// serve runs f on a node of the vault.
func (v *vault) serve(t *testing.T, f func(s *server.Server, db *store.DB)) {
	t.Helper()
	installation, err := v.Serve(t.Context(), "desk-1", false)
	if err != nil {
		t.Fatal(err)
	}
	defer installation.Close()
	s, err := server.New(t.Context(), server.Config{DB: installation.DB, Master: installation.Master, URL: "http://127.0.0.1:8080", Node: "desk-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	f(s, installation.DB)
}

func signingKey(t *testing.T, s *server.Server) string {
	t.Helper()
	keys, err := s.Sessions.SigningKeys(t.Context())
	if err != nil || len(keys) != 1 || keys[0].Use != session.KeySigns {
		t.Fatalf("%+v, %v", keys, err)
	}
	return keys[0].ID
}

// opens starts a node, which opens the signing key, and uses the second factor.
func (v *vault) opens(t *testing.T) {
	t.Helper()
	v.serve(t, func(s *server.Server, db *store.DB) {
		if got := signingKey(t, s); got != v.signingKey {
			t.Errorf("signs with %s, before with %s", got, v.signingKey)
		}
		err := db.Write(t.Context(), v.tenant, func(tx *store.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE second_factors SET last_step = 0 WHERE tenant_id = $1`); err != nil {
				return err
			}
			code, err := identity.FactorCode(v.secret, tx.Now)
			if err != nil {
				return err
			}
			_, err = s.Identity.UseFactor(t.Context(), tx, v.user, code)
			return err
		})
		if err != nil {
			t.Errorf("the second factor does not open: %v", err)
		}
	})
}

func (v *vault) keyFile() string { return filepath.Join(v.Data, "master.key") }

// keyIn is the id of the key in a file.
func keyIn(t *testing.T, path string) string {
	t.Helper()
	key, err := seal.ReadKeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return key.ID()
}

func TestAnotherMasterKeyOpensEverything(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		former := keyIn(t, v.keyFile())
		done, err := server.RotateMaster(t.Context(), v.Place, "")
		if err != nil {
			t.Fatal(err)
		}
		if keyIn(t, v.keyFile()) == former || keyIn(t, done.Kept) != former || done.KeyFile != v.keyFile() {
			t.Errorf("%+v", done)
		}
		if left, _ := filepath.Glob(v.keyFile() + "*"); len(left) != 2 {
			t.Errorf("left behind: %v", left)
		}
		v.opens(t)
		want := "master_key.rotate by system cli: master_key, master_key"
		var told []string
		for _, body := range recordsAt(t, v.Place, tenant.Platform) {
			told = append(told, tell(t, body))
		}
		if !slices.Contains(told, want) {
			t.Errorf("the platform's trail says %q", told)
		}
	})
}

func TestAMasterKeyMayBeGiven(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		former := v.Place
		given := filepath.Join(t.TempDir(), "given.key")
		if _, err := server.RotateMaster(t.Context(), v.Place, given); err == nil {
			t.Error("sealed with a key that is not there")
		}
		if _, err := server.RotateMaster(t.Context(), v.Place, v.keyFile()); err == nil {
			t.Error("sealed anew with the same key")
		}
		if _, err := seal.CreateKeyFile(given); err != nil {
			t.Fatal(err)
		}
		if _, err := server.RotateMaster(t.Context(), v.Place, given); err != nil {
			t.Fatal(err)
		}
		v.MasterKey = given
		v.opens(t)
		if _, err := former.Open(t.Context()); err == nil || !strings.Contains(err.Error(), server.ErrOtherKey.Error()) {
			t.Errorf("the former key still opens it: %v", err)
		}
	})
}

// A process that is killed between any two steps leaves what starts, with everything that was sealed, and what can be
// rotated again.
func TestAnInterruptedMasterRotationLeavesWhatStarts(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		const steps = 4
		for n := range steps + 1 {
			former := keyIn(t, v.keyFile())
			all, err := server.InterruptedMasterRotation(t.Context(), v.Place, "", n)
			if err != nil || all != steps {
				t.Fatalf("%d steps, %v", all, err)
			}
			v.opens(t)
			if took, now := n >= 2, keyIn(t, v.keyFile()); (now != former) != took {
				t.Errorf("after %d steps the key is %s, before %s", n, now, former)
			}
			if n >= 2 && keyIn(t, v.keyFile()+"."+former+".old") != former {
				t.Error("the former key is gone")
			}
			if _, err := server.RotateMaster(t.Context(), v.Place, ""); err != nil {
				t.Fatalf("after %d steps: %v", n, err)
			}
			v.opens(t)
		}
	})
}

// What a power cut leaves of a file is in nobody's way.
func TestHalfWrittenKeyFilesAreReplaced(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		for _, path := range []string{v.keyFile() + ".new", v.keyFile() + "." + keyIn(t, v.keyFile()) + ".old"} {
			if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v.opens(t)
		if _, err := server.RotateMaster(t.Context(), v.Place, ""); err != nil {
			t.Fatal(err)
		}
		v.opens(t)
	})
}

// What cannot be sealed anew stops everything: nothing has changed.
func TestAMasterRotationIsWholeOrNotAtAll(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		former := keyIn(t, v.keyFile())
		v.change(t, `UPDATE factor_enrolments SET sealed = 'damaged' WHERE tenant_id = $1`)
		if _, err := server.RotateMaster(t.Context(), v.Place, ""); err == nil || !strings.Contains(err.Error(), "factor_enrolments") {
			t.Errorf("%v", err)
		}
		v.opens(t)
		if keyIn(t, v.keyFile()) != former {
			t.Error("the key was replaced")
		}
		v.change(t, `DELETE FROM factor_enrolments WHERE tenant_id = $1`)
		if _, err := server.RotateMaster(t.Context(), v.Place, ""); err != nil {
			t.Fatal(err)
		}
		v.opens(t)
	})
}

func (v *vault) change(t *testing.T, statement string) {
	t.Helper()
	installation, err := v.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer installation.Close()
	err = installation.DB.Write(t.Context(), v.tenant, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheMasterKeyIsNotReplacedWhileANodeServes(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		v.serve(t, func(*server.Server, *store.DB) {
			if _, err := server.RotateMaster(t.Context(), v.Place, ""); err == nil || !strings.Contains(err.Error(), store.ErrServed.Error()) {
				t.Errorf("%v", err)
			}
		})
		v.opens(t)
	})
}
