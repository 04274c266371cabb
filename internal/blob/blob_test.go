package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/blob"
)

const tenant = "01900000-0000-7000-8000-000000000001"

func open(t testing.TB) (*blob.Folder, string) {
	dir := filepath.Join(t.TempDir(), "files")
	f, err := blob.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

func read(t testing.TB, s blob.Store, name string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// entries are the files below a folder, with their modes.
func entries(t testing.TB, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files = append(files, strings.TrimPrefix(path, dir+"/"))
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What is put is given back as it was, under a name that says the tenant and nothing else; what is too
// large or breaks off leaves nothing.
func TestWhatIsPutIsGivenBack(t *testing.T) {
	f, dir := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(rt, "content")
		limit := rapid.Int64Range(0, 3000).Draw(rt, "limit")
		kept, err := f.Put(t.Context(), tenant, iotest.OneByteReader(bytes.NewReader(content)), limit)
		if int64(len(content)) > limit {
			if !errors.Is(err, blob.ErrTooLarge) || kept != (blob.Blob{}) {
				rt.Fatalf("%d bytes of %d: %+v, %v", len(content), limit, kept, err)
			}
			return
		}
		sum := sha256.Sum256(content)
		if err != nil || kept.Size != int64(len(content)) || kept.SHA256 != hex.EncodeToString(sum[:]) {
			rt.Fatalf("%+v, %v", kept, err)
		}
		if got := read(t, f, kept.Name); !bytes.Equal(got, content) {
			rt.Fatalf("%q came back as %q", content, got)
		}
		if found := entries(t, dir); !slices.Equal(found, []string{kept.Name}) || !strings.HasPrefix(kept.Name, tenant+"/") {
			rt.Fatalf("the folder has %v, the name is %s", found, kept.Name)
		}
		if err := f.Delete(t.Context(), kept.Name); err != nil {
			rt.Fatal(err)
		}
		if _, err := f.Open(t.Context(), kept.Name); !errors.Is(err, blob.ErrNotFound) {
			rt.Fatalf("after its removal: %v", err)
		}
	})
	if err := f.Delete(t.Context(), tenant+"/ab/abcdefghijklmnopqrstuvwxyz"); err != nil {
		t.Errorf("removing nothing: %v", err)
	}
}

func TestReaderThatFailsLeavesNothing(t *testing.T) {
	f, dir := open(t)
	broken := errors.New("the line broke")
	_, err := f.Put(t.Context(), tenant, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), 1000)
	if !errors.Is(err, broken) || errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("a broken reader is told as %v", err)
	}
	if found := entries(t, dir); len(found) > 0 {
		t.Errorf("it left %v", found)
	}
}

// No name leads out of the folder, to what is half written, or to anything that Put did not name.
func TestNamesLeadNowhereElse(t *testing.T) {
	f, dir := open(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(secret, []byte("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept, err := f.Put(t.Context(), tenant, strings.NewReader("x"), 1)
	if err != nil {
		t.Fatal(err)
	}
	half := kept.Name + ".part"
	if err := os.WriteFile(filepath.Join(dir, half), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, kept.Name[:len(kept.Name)-1]+"2")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"", ".", "../secret", "/etc/passwd", tenant, tenant + "/../../secret", secret, half, kept.Name + "/", strings.ToUpper(kept.Name),
		kept.Name + "\x00", kept.Name[:len(kept.Name)-1] + "2",
	} {
		if r, err := f.Open(t.Context(), name); err == nil {
			r.Close()
			t.Errorf("%q opens something", name)
		}
		if name == half {
			continue
		}
		if err := f.Delete(t.Context(), name); err != nil {
			t.Errorf("removing %q: %v", name, err)
		}
	}
	for _, bad := range []string{"", "..", "a/b", "A", `a\b`, strings.Repeat("a", 65), "a\n"} {
		if _, err := f.Put(t.Context(), bad, strings.NewReader("x"), 1); err == nil {
			t.Errorf("%q passes for a tenant", bad)
		}
		for name, err := range f.Older(t.Context(), bad, time.Now()) {
			t.Errorf("the tenant %q has %q, %v", bad, name, err)
		}
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != "key" {
		t.Errorf("what lies beside the folder is %q, %v", text, err)
	}
	if string(read(t, f, kept.Name)) != "x" {
		t.Error("the blob has changed")
	}
}

// A sweep finds what is old, of its tenant alone, and what a crash has left.
func TestOldOnesAreFound(t *testing.T) {
	f, dir := open(t)
	const other = "01900000-0000-7000-8000-000000000002"
	put := func(tenant string) string {
		b, err := f.Put(t.Context(), tenant, strings.NewReader("x"), 1)
		if err != nil {
			t.Fatal(err)
		}
		return b.Name
	}
	old, young, foreign := put(tenant), put(tenant), put(other)
	left := put(tenant)
	long := time.Now().Add(-time.Hour)
	if err := os.Rename(filepath.Join(dir, left), filepath.Join(dir, left+".part")); err != nil {
		t.Fatal(err)
	}
	stray := filepath.Join(dir, tenant, "README")
	if err := os.WriteFile(stray, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{old, foreign, left + ".part", tenant + "/README"} {
		if err := os.Chtimes(filepath.Join(dir, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	var found []string
	for name, err := range f.Older(t.Context(), tenant, time.Now().Add(-time.Minute)) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, name)
		if err := f.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{old, left + ".part"}
	slices.Sort(want)
	if !slices.Equal(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
	remaining := []string{young, foreign, tenant + "/README"}
	slices.Sort(remaining)
	if got := entries(t, dir); !slices.Equal(slices.Sorted(slices.Values(got)), remaining) {
		t.Errorf("what remains is %v, want %v", got, remaining)
	}
	for range f.Older(t.Context(), tenant, time.Now()) {
		break // whoever has seen enough may stop
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range f.Older(over, tenant, time.Now()) {
		if err == nil {
			t.Errorf("%s is found after the end", name)
		}
	}
}

func TestAFolderThatCannotBeUsed(t *testing.T) {
	_, dir := open(t)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.NewFolder(file); err == nil {
		t.Error("a file passes for a folder")
	}
	f, err := blob.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, tenant), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), tenant, strings.NewReader("x"), 1); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("a folder that cannot be made is told as %v", err)
	}
}
