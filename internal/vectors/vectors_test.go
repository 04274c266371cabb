package vectors_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/usher-desk/usher/internal/vectors"
)

// A test whose vectors are not there is counted, not forgotten.
func TestWhatIsLeftOutIsCounted(t *testing.T) {
	module := t.TempDir() // a module without a folder ../shared beside it
	if err := os.WriteFile(filepath.Join(module, "go.mod"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(module)
	counted := filepath.Join(module, "left-out")
	t.Setenv("USHER_LEFT_OUT", counted)
	t.Setenv("USHER_SHARED", "")
	for range 2 {
		if vectors.Read(t, "any.json", nil) {
			t.Error("read what is not there")
		}
	}
	names, err := os.ReadFile(counted)
	if want := t.Name() + "\n" + t.Name() + "\n"; err != nil || string(names) != want {
		t.Errorf("%q, %v", names, err)
	}
}
