package console_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is embedded is what web/ is built into: nothing was changed by hand, and nothing was forgotten.
func TestThePagesAreBuiltFromTheirSources(t *testing.T) {
	anew := t.TempDir()
	for _, script := range []string{"check", "build"} {
		npm := exec.Command("npm", "run", "--silent", script)
		npm.Dir = "../../web"
		npm.Env = append(os.Environ(), "USHER_DIST="+anew)
		if said, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("npm run %s: %v; it needs Node 20.19 and what npm ci installs in web/\n%s", script, err, said)
		}
	}
	committed, built := filesIn(t, "dist"), filesIn(t, anew)
	if diff := cmp.Diff(committed, built); diff != "" {
		t.Errorf("make web builds something else (-embedded +built):\n%s", diff)
	}
}

// The types of the API are those of its description.
func TestTheTypesAreThoseOfTheDescription(t *testing.T) {
	generated := filepath.Join(t.TempDir(), "schema.d.ts")
	npx := exec.Command("node_modules/.bin/openapi-typescript", "../docs/openapi.json", "--output", generated)
	npx.Dir = "../../web"
	if said, err := npx.CombinedOutput(); err != nil {
		t.Fatalf("openapi-typescript: %v\n%s", err, said)
	}
	if diff := cmp.Diff(read(t, "../../web/shared/api/schema.d.ts"), read(t, generated)); diff != "" {
		t.Error("docs/openapi.json has changed: make web")
	}
}

// filesIn are the contents of all files below a folder, by their paths.
func filesIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		found[name] = read(t, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
