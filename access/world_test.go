package access_test

import (
	"path/filepath"
	"testing"

	"github.com/usher-desk/usher/access/world"
)

// eachWorld runs a test on every world of testdata.
func eachWorld(t *testing.T, test func(t *testing.T, w *world.World)) {
	t.Helper()
	hand, _ := filepath.Glob("testdata/world-*.json")
	random, _ := filepath.Glob("testdata/random-*.json")
	if len(hand) != 2 || len(random) != 14 {
		t.Fatalf("found %d worlds and %d random ones", len(hand), len(random))
	}
	for _, path := range append(hand, random...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			w, err := world.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			test(t, w)
		})
	}
}

func TestWorlds(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world.World) {
		library, err := world.NewLibrary(w)
		if err != nil {
			t.Fatal(err)
		}
		result := world.Run(t.Context(), w, library)
		asked := len(w.Checks) + len(w.Holds) + len(w.Filters) + len(w.WhoCan) + len(w.Previews)
		if result.Passed+result.Failed != asked {
			t.Errorf("counted %d of %d questions", result.Passed+result.Failed, asked)
		}
		for _, failure := range result.Failures {
			t.Error(failure)
		}
	})
}
