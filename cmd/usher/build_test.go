package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// built is the folder of the binary that tests run, which is linked once for all of them.
var built struct {
	once   sync.Once
	folder string
	err    error
}

// build makes the binary as a user would.
func build(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "usher-built-"); built.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", built.folder, ".").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "usher")
}

// tidied runs tests, and removes what they share.
type tidied struct{ *testing.M }

// Run returns the exit code.
func (m tidied) Run() int {
	code := m.M.Run()
	if err := os.RemoveAll(built.folder); err != nil { // nothing is removed where nothing was built
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}
