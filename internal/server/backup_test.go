package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/backup"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// kept is a SQLite installation that serves, with something of every kind in it that a backup has to keep.
type kept struct {
	*servertest.Server
	server.Place
	acme         *servertest.Tenant
	root, ann    *servertest.User
	asRoot       *servertest.Client
	asAnn        *servertest.Client
	file         string // that a message carries
	conversation string
}

const shown = "\x89PNG\r\n\x1a\n and what is to be seen"

func newKept(t *testing.T) *kept {
	t.Helper()
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	k := &kept{Server: servertest.Run(t, db), Place: server.Place{Data: filepath.Dir(path)}}
	key := servertest.MasterKey(t)
	check, err := key.CheckValue()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetFact(t.Context(), "master_key_check", check); err != nil {
		t.Fatal(err)
	}
	if err := key.WriteFile(k.keyFile()); err != nil {
		t.Fatal(err)
	}
	k.acme = k.NewTenant("acme", "it-desk")
	k.root, k.ann = k.acme.NewUser("root", nil, "admin"), k.acme.NewUser("ann", nil, "user")
	k.asRoot, k.asAnn = k.root.SignIn(), k.ann.SignIn()
	k.file = k.upload(k.asAnn)
	k.conversation = k.asAnn.Do("POST", "/v1/conversations", object{
		"skill": "computer", "subject": "Dark", "text": "It stays dark.", "files": []string{k.file},
	}).Expect(201).String("id")
	return k
}

func (k *kept) keyFile() string { return filepath.Join(k.Data, "master.key") }

// upload has somebody send a picture that no message carries yet.
func (k *kept) upload(who *servertest.Client) string {
	return who.Do("POST", "/v1/files", shown, "Content-Type", "image/png", "Content-Disposition", "attachment; filename*=UTF-8''screen.png").
		Expect(201).String("id")
}

// backup makes one.
func (k *kept) backup(t *testing.T) (file string, m backup.Manifest) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "usher.tar")
	m, err := server.Backup(t.Context(), k.Place, server.BackupOrder{File: file, Files: k.Files, Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return file, m
}

// restoreTo makes an installation from a backup and serves it as if it had taken the place of the other.
func (k *kept) restoreTo(t *testing.T, p server.Place, file string) *servertest.Server {
	t.Helper()
	if _, err := server.Restore(t.Context(), p, server.RestoreOrder{File: file, Reason: "the disk failed"}); err != nil {
		t.Fatal(err)
	}
	return k.serve(t, p)
}

func (k *kept) serve(t *testing.T, p server.Place) *servertest.Server {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), filepath.Join(p.Data, "usher.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	former := *k.Server
	former.Files = filepath.Join(p.Data, "files")
	return former.Beside("restored", db, nil)
}

// signIn signs the administrator in where a backup was restored. It remembers which code they used last.
func (k *kept) signIn(restored *servertest.Server) *servertest.Client {
	k.Clock.Advance(time.Minute)
	c := restored.Client()
	c.SignIn(k.root)
	return c
}

// elsewhere is an empty place with the key of this one.
func (k *kept) elsewhere(t *testing.T) server.Place {
	t.Helper()
	return server.Place{Data: filepath.Join(t.TempDir(), "new"), MasterKey: k.keyFile()}
}

func TestABackupIsMadeWhileOthersWrite(t *testing.T) {
	k := newKept(t)
	before := k.acme.NewUser("before", nil)
	over := make(chan struct{})
	var writing sync.WaitGroup
	var told []string // users whose creation was acknowledged
	writing.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-over:
				return
			default:
				told = append(told, k.asRoot.Do("POST", "/v1/users", object{"username": fmt.Sprintf("meanwhile%d", n)}).Expect(201).String("id"))
			}
		}
	})
	file, made := k.backup(t)
	close(over)
	writing.Wait()
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	found, err := backup.Check(t.Context(), file, nil)
	if err != nil || found.ID != made.ID || found.Files != 1 || found.Tenants() != 1 || len(found.Lost) > 0 {
		t.Fatalf("%+v, %v", found, err)
	}
	restored := k.restoreTo(t, k.elsewhere(t), file)
	again := k.signIn(restored)
	again.Do("GET", "/v1/users/"+before.ID, nil).Expect(200)
	// What others wrote meanwhile is there up to one moment, and nothing after it.
	last := true
	for _, id := range told {
		there := again.Do("GET", "/v1/users/"+id, nil).Status == 200
		if there && !last {
			t.Fatal("a later change is in the backup, and an earlier one is not")
		}
		last = there
	}
}

func TestARestoreEndsWhatWasGivenOut(t *testing.T) {
	k := newKept(t)
	k.acme.NewUser("lee", nil, "agent")
	link := k.asRoot.Do("POST", "/v1/users/"+k.ann.ID+"/password-link", nil).Expect(201).String("link")
	challenge := k.root.Challenge()
	file, made := k.backup(t)
	late := k.asRoot.Do("POST", "/v1/users", object{"username": "late"}).Expect(201).String("id")
	lateSession := k.ann.SignIn()

	to := k.elsewhere(t)
	restored := k.restoreTo(t, to, file)
	for _, c := range []*servertest.Client{k.asRoot, k.asAnn, lateSession} {
		c.At(restored).Do("GET", "/v1/me", nil).Refused(401, "invalid_token")
		c.At(restored).Do("POST", "/v1/auth/refresh", nil).Expect(401)
	}
	stranger := restored.Client()
	stranger.Do("POST", "/v1/auth/links/redeem", object{"link": link, "password": "a kettle, a lamp, a long night"}).Refused(422, "bad_link")
	stranger.Do("POST", "/v1/auth/login/otp", object{"challenge": challenge, "code": k.root.Code()}).Expect(401)

	ann, root := restored.Client(), k.signIn(restored)
	ann.SignIn(k.ann)
	if got := ann.Do("GET", "/v1/files/"+k.file, nil).Expect(200); string(got.Body) != shown {
		t.Errorf("the file is %q", got.Body)
	}
	ann.Do("GET", "/v1/conversations/"+k.conversation+"/messages", nil).Expect(200)
	root.Do("GET", "/v1/users/"+late, nil).Expect(404)

	for _, trail := range made.Trails {
		bodies := recordsAt(t, to, trail.Tenant)
		at := slices.IndexFunc(bodies, func(body string) bool { return strings.Contains(body, `"backup.restore"`) })
		if at < 0 {
			t.Errorf("the trail of %s does not say that it was restored", trail.Slug)
			continue
		}
		want := "backup.restore by system cli: backup, record; reason [] → []"
		if trail.Last == "" {
			want = "backup.restore by system cli: backup; reason [] → []"
		}
		if got := tell(t, bodies[at]); got != want {
			t.Errorf("%s: %s", trail.Slug, got)
		}
		if !strings.Contains(bodies[at], made.ID) || !strings.Contains(bodies[at], trail.Last) || strings.Contains(bodies[at], "disk") {
			t.Errorf("%s", bodies[at])
		}
	}
	if bodies := recordsAt(t, to, tenant.Platform); !slices.ContainsFunc(bodies, func(b string) bool { return strings.Contains(b, `"backup.create"`) }) {
		t.Error("the backup does not hold the record of its own making")
	}
}

// A process that is killed between any two steps leaves nothing that is served, unless it was done.
func TestAnInterruptedRestoreIsBegunAgain(t *testing.T) {
	k := newKept(t)
	file, _ := k.backup(t)
	const steps = 3
	for n := range steps {
		to := k.elsewhere(t)
		all, err := server.InterruptedRestore(t.Context(), to, server.RestoreOrder{File: file}, n)
		if err != nil || all != steps {
			t.Fatalf("%d steps, %v", all, err)
		}
		if _, err := to.Open(t.Context()); err == nil || !strings.Contains(err.Error(), server.ErrEmpty.Error()) {
			t.Errorf("after %d steps: %v", n, err)
		}
		k.restoreTo(t, to, file).Client().SignIn(k.ann)
	}
}

func TestARestoreTakesAnEmptyFolderAndTheRightKey(t *testing.T) {
	k := newKept(t)
	file, _ := k.backup(t)
	order := server.RestoreOrder{File: file}
	refused := func(p server.Place, want string) {
		t.Helper()
		if _, err := server.Restore(t.Context(), p, order); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
	refused(k.Place, server.ErrNotEmpty.Error())
	refused(server.Place{Data: t.TempDir()}, server.ErrNoKey.Error())
	other := k.elsewhere(t)
	other.MasterKey = newVault(t, server.Place{Data: t.TempDir()}).keyFile()
	refused(other, server.ErrOtherKey.Error())
	if left, _ := filepath.Glob(filepath.Join(other.Data, "*")); len(left) != 1 || filepath.Base(left[0]) != "usher.lock" {
		t.Errorf("left behind: %v", left)
	}
	lock, err := store.LockFile(filepath.Join(other.Data, "usher.lock"))
	if err != nil {
		t.Fatal(err)
	}
	refused(other, store.ErrServed.Error())
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	other.MasterKey = k.keyFile()
	k.restoreTo(t, other, file)
	refused(other, server.ErrNotEmpty.Error())
	refused(server.Place{Data: t.TempDir(), Postgres: "postgres://db/usher"}, server.ErrPostgresTools.Error())

	if _, err := server.Backup(t.Context(), k.Place, server.BackupOrder{File: file}); err == nil || !strings.Contains(err.Error(), backup.ErrTaken.Error()) {
		t.Errorf("overwritten: %v", err)
	}
}

// What other tools have restored ends what was given out just the same.
func TestARestoreByOtherToolsIsDeclared(t *testing.T) {
	eachVault(t, func(t *testing.T, v *vault) {
		if _, err := server.DeclareRestored(t.Context(), v.Place, "the dump of last night"); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{v.tenant, tenant.Platform} {
			bodies := recordsAt(t, v.Place, id)
			if last := tell(t, bodies[len(bodies)-1]); last != "backup.restore by system cli: record; reason [] → []" {
				t.Errorf("%s", last)
			}
		}
		v.serve(t, func(s *server.Server, db *store.DB) {
			if signingKey(t, s) == v.signingKey {
				t.Error("a signing key was kept that may have been replaced since")
			}
			if _, err := server.DeclareRestored(t.Context(), v.Place, ""); err == nil || !strings.Contains(err.Error(), store.ErrServed.Error()) {
				t.Errorf("%v", err)
			}
		})
	})
}

// The copy does not know which codes were used since, which browser was somebody else's, and who gave an enrolment up.
func TestARestoreVoidsRecoveryCodesAndForgetsBrowsers(t *testing.T) {
	k := newKept(t)
	codes := k.asRoot.Do("POST", "/v1/me/second-factor/recovery-codes", nil).Expect(200).Value("recovery_codes").([]any)
	secret := k.asAnn.Do("POST", "/v1/me/second-factor/enrol", object{"password": servertest.Password}).Expect(200).String("secret")
	k.asRoot.SignIn(k.root)
	file, _ := k.backup(t)
	challenge := func(s *servertest.Server) object {
		asked := object{"tenant": "acme", "username": "root", "password": servertest.Password}
		return object{"challenge": s.Client().Do("POST", "/v1/auth/login", asked).Expect(401).String("challenge"), "code": codes[0]}
	}
	k.Client().Do("POST", "/v1/auth/login/otp", challenge(k.Server)).Expect(200) // after the copy was made

	restored := k.restoreTo(t, k.elsewhere(t), file)
	restored.Client().Do("POST", "/v1/auth/login/otp", challenge(restored)).Refused(401, "wrong_code")
	k.Clock.Advance(time.Minute)
	root := k.asRoot.At(restored)
	root.SignIn(k.root)
	if state := root.Do("GET", "/v1/me/second-factor", nil).Expect(200); state.Value("enrolled") != true || state.Value("recovery_codes_left") != 0.0 {
		t.Errorf("%s", state.Body)
	}
	first := root.Do("GET", "/v1/me/sign-ins?limit=1", nil).Expect(200).Value("items").([]any)[0].(object)
	if first["new_device"] != true {
		t.Errorf("the browser is known still: %v", first)
	}
	ann := restored.Client()
	ann.SignIn(k.ann)
	code, err := identity.FactorCode(secret, k.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	ann.Do("POST", "/v1/me/second-factor/confirm", object{"code": code}).Refused(409, "no_enrolment")
}
