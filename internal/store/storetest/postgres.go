package storetest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// PostgresURL returns the address, as superuser, of a throwaway PostgreSQL server.
//
// It is the server in USHER_TEST_POSTGRES, which make test starts once for all
// packages, or else one of this process's own, started at the first call and gone
// with the process. Other tests use the same server at the same time: make a
// database in it and leave what is there alone. Where PostgreSQL is not installed
// the test fails and says what to install; it is never skipped.
func PostgresURL(t testing.TB) string {
	t.Helper()
	if url := os.Getenv("USHER_TEST_POSTGRES"); url != "" {
		return url
	}
	server, err := ownServer()
	if err != nil {
		t.Fatalf("storetest: start PostgreSQL: %v", err)
	}
	return server.url
}

var ownServer = sync.OnceValues(startServer)

type server struct {
	url string

	// lifeline is the standard input of scripts/with-postgres. Nobody writes to it:
	// the operating system closes it when this process ends, even when it is killed,
	// and that stops the server. Kept here, for the garbage collector would close it
	// as well.
	lifeline io.Closer
}

func startServer() (*server, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(root, "scripts", "with-postgres"),
		"sh", "-c", `echo "$USHER_TEST_POSTGRES" && exec cat`)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	answer, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(answer).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", cmd.Wait(), complaint.String())
	}
	return &server{url: strings.TrimSpace(line), lifeline: lifeline}, nil
}

// moduleRoot climbs from the folder of the tested package, in which go test runs.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod in any folder above this test")
		}
	}
}
