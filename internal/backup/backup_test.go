package backup_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/backup"
	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/store/storetest"
)

const conversation = `
	INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active, first_admin, epoch, version, created_at, updated_at)
	VALUES ('platform', 'u1', 'ann', 'ann', 'Ann', 'ann', '', '', 'en', true, false, 1, 1, 0, 0);
	INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, priority, subject, state, queued_at, enqueued_at, asked_at,
		cycle, last_seq, public_seq, version, created_at, updated_at)
	VALUES ('platform', 'c1', 1, 'u1', 'u1', 0, '', 'queued', 0, 0, 0, 1, 0, 0, 1, 0, 0);`

// source is a database with two files that messages carry, one that none carries, and one more of each kind whose bytes
// are lost.
func source(t testing.TB) backup.Source {
	t.Helper()
	path := storetest.SQLiteFile(t)
	files, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	storetest.SQLiteCommand(t, path, conversation)
	for _, f := range []struct{ id, carrier, content string }{
		{"f1", "'c1'", "one"}, {"f2", "'c1'", strings.Repeat("two", 1000)}, {"f3", "NULL", "three"}, {"f4", "'c1'", "lost"}, {"f5", "NULL", "lost too"},
	} {
		kept, err := files.Put(t.Context(), "platform", strings.NewReader(f.content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.content, "lost") {
			if err := files.Delete(t.Context(), kept.Name); err != nil {
				t.Fatal(err)
			}
		}
		storetest.SQLiteCommand(t, path, `INSERT INTO files (tenant_id, id, uploader_id, name, media_type, size, sha256, blob, conversation_id, created_at)
			VALUES ('platform', '`+f.id+`', 'u1', '', '', length('`+f.content+`'), '`+kept.SHA256+`', '`+kept.Name+`', `+f.carrier+`, 0)`)
	}
	return backup.Source{Database: path, Files: files, ID: "b1", Time: time.UnixMicro(1).UTC(), Program: "test"}
}

func written(t testing.TB) (file string, content []byte) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "usher.tar")
	if _, err := backup.Write(t.Context(), file, source(t)); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, content
}

func TestABackupKeepsWhatMessagesCarryAndSaysWhatWasLost(t *testing.T) {
	file, _ := written(t)
	dir := t.TempDir()
	m, err := backup.Unpack(t.Context(), file, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Files != 3 || len(m.Lost) != 1 || m.ID != "b1" || m.Tenants() != 0 {
		t.Errorf("%+v", m)
	}
	found, _ := filepath.Glob(filepath.Join(dir, "files", "platform", "*", "*"))
	if len(found) != 3 {
		t.Errorf("unpacked %v", found)
	}
	for _, path := range append(found, filepath.Join(dir, "usher.db")) {
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// Wherever a bit flips, it is found, or it was in the frame of the archive and nothing that is kept is another.
func TestEveryFlippedBitIsFound(t *testing.T) {
	file, content := written(t)
	whole, err := backup.Check(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		at := rapid.IntRange(0, len(content)-1).Draw(r, "at")
		flipped := bytes.Clone(content)
		flipped[at] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if err := os.WriteFile(file, flipped, 0o600); err != nil {
			r.Fatal(err)
		}
		m, err := backup.Check(t.Context(), file, nil)
		switch {
		case errors.Is(err, backup.ErrDamaged), errors.Is(err, backup.ErrUnusable) && at < 2*512:
		case err != nil:
			r.Fatalf("byte %d: %v", at, err)
		case kept(t, content, at):
			r.Fatalf("byte %d of what is kept is another, and nobody notices", at)
		case m.ID != whole.ID || m.Database != whole.Database:
			r.Fatalf("byte %d: %+v", at, m)
		}
	})
}

// kept tells whether the byte belongs to a part, and not to the frame around it.
func kept(t *testing.T, archive []byte, at int) bool {
	t.Helper()
	source := bytes.NewReader(archive)
	r := tar.NewReader(source)
	for {
		header, err := r.Next()
		if err == io.EOF {
			return false
		}
		if err != nil {
			t.Fatal(err)
		}
		begin := len(archive) - source.Len()
		if at >= begin && at < begin+int(header.Size) {
			return true
		}
	}
}

func TestACutBackupIsDamaged(t *testing.T) {
	file, content := written(t)
	rapid.Check(t, func(r *rapid.T) {
		// An archive ends with two empty blocks, and each part with a block that is filled up: these may be missing.
		end := rapid.IntRange(1024, len(content)-3*512).Draw(r, "end")
		if err := os.WriteFile(file, content[:end], 0o600); err != nil {
			r.Fatal(err)
		}
		if _, err := backup.Check(t.Context(), file, nil); !errors.Is(err, backup.ErrDamaged) {
			r.Fatalf("cut after %d bytes: %v", end, err)
		}
	})
}

// rewritten is the archive with parts changed, left out (nil) or added before the end.
func rewritten(t *testing.T, archive []byte, change func(name string, content []byte) []byte, more ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, r := tar.NewWriter(&out), tar.NewReader(bytes.NewReader(archive))
	add := func(name string, content []byte) {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	for {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if header.Name == "manifest.json" {
			for _, name := range more {
				add(name, []byte("more"))
			}
		}
		if content = change(header.Name, content); content != nil {
			add(header.Name, content)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABackupThatWasTamperedWithIsRefused(t *testing.T) {
	_, content := written(t)
	same := func(_ string, c []byte) []byte { return c }
	without := func(prefix string) func(string, []byte) []byte {
		return func(name string, c []byte) []byte {
			if strings.HasPrefix(name, prefix) {
				return nil
			}
			return c
		}
	}
	for name, c := range map[string]struct {
		content []byte
		want    error
		place   string
	}{
		"no archive":              {[]byte("hello"), backup.ErrUnusable, ""},
		"nothing":                 {nil, backup.ErrUnusable, ""},
		"another archive":         {rewritten(t, content, without("usher-backup")), backup.ErrUnusable, ""},
		"a later format":          {rewritten(t, content, replace("usher-backup", []byte("2\n"))), backup.ErrUnusable, "2"},
		"without a database":      {rewritten(t, content, without("usher.db")), backup.ErrDamaged, "files/"},
		"a database that is none": {rewritten(t, content, replace("usher.db", []byte("hello"))), backup.ErrDamaged, "usher.db"},
		"of a later schema":       {rewritten(t, content, laterSchema(t)), backup.ErrUnusable, "newer version"},
		"without files":           {rewritten(t, content, without("files/")), backup.ErrDamaged, "files/"},
		"an unknown file":         {rewritten(t, content, same, "files/platform/zz/more"), backup.ErrDamaged, "files/platform/zz/more"},
		"a file that climbs":      {rewritten(t, content, same, "files/../../climbed"), backup.ErrDamaged, "climbed"},
		"something else":          {rewritten(t, content, same, "master.key"), backup.ErrDamaged, "master.key"},
		"without a manifest":      {rewritten(t, content, without("manifest")), backup.ErrDamaged, "after files/"},
		"without its sum":         {rewritten(t, content, without("manifest.sha")), backup.ErrDamaged, "after manifest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "usher.tar")
			if err := os.WriteFile(file, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Check(t.Context(), file, nil); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.place) {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := backup.Check(t.Context(), filepath.Join(t.TempDir(), "none"), nil); !errors.Is(err, backup.ErrUnusable) {
		t.Errorf("%v", err)
	}
}

func replace(part string, by []byte) func(string, []byte) []byte {
	return func(name string, c []byte) []byte {
		if name == part {
			return by
		}
		return c
	}
}

func laterSchema(t *testing.T) func(string, []byte) []byte {
	return func(name string, c []byte) []byte {
		if name != "usher.db" {
			return c
		}
		path := filepath.Join(t.TempDir(), "later.db")
		if err := os.WriteFile(path, c, 0o600); err != nil {
			t.Fatal(err)
		}
		storetest.SQLiteCommand(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		later, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return later
	}
}

// What SQLite itself finds wrong is found, although every hash is right.
func TestADatabaseThatIsNotWholeIsDamaged(t *testing.T) {
	from := source(t)
	storetest.SQLiteCommand(t, from.Database, `
		PRAGMA foreign_keys = OFF;
		INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ('platform', 'u1', 'none')`)
	file := filepath.Join(t.TempDir(), "usher.tar")
	if _, err := backup.Write(t.Context(), file, from); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Check(t.Context(), file, nil); !errors.Is(err, backup.ErrDamaged) || !strings.Contains(err.Error(), "user_departments") {
		t.Errorf("%v", err)
	}
}

func TestABackupCutShortLeavesNothingUnderItsName(t *testing.T) {
	from := source(t)
	file := filepath.Join(t.TempDir(), "usher.tar")
	if err := os.WriteFile(from.Database, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Write(t.Context(), file, from); err == nil {
		t.Fatal("a backup of no database")
	}
	if left, _ := filepath.Glob(file + "*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.WriteFile(file+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Write(t.Context(), file, source(t)); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("%v", err)
	}
	if err := errors.Join(os.Remove(file+".new"), os.WriteFile(file+".db.new", nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Write(t.Context(), file, source(t)); err != nil {
		t.Errorf("what an interrupted backup has left is in the way: %v", err)
	}
	if _, err := backup.Write(t.Context(), file, source(t)); !errors.Is(err, backup.ErrTaken) {
		t.Errorf("%v", err)
	}
}
