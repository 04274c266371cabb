// Package testserver finds or starts the real servers that tests run beside.
package testserver

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

// Kind is a kind of server: the script that runs a command beside a throwaway one, and the variable
// in which the command finds its address.
type Kind struct{ script, variable string }

// The kinds of servers.
var (
	Postgres = Kind{"with-postgres", "USHER_TEST_POSTGRES"}
	Redis    = Kind{"with-redis", "USHER_TEST_REDIS"}
)

var own struct {
	sync.Mutex // guards what follows
	servers    map[Kind]*Server
}

// URL returns the address of a server that other tests use at the same time.
//
// It is the one in the kind's variable, which make test starts once for all packages, or else one of
// this process's own, started at the first call and gone with the process. Where the program is not
// installed the test fails and says what to install; it is never skipped.
func (k Kind) URL(t testing.TB) string {
	t.Helper()
	if url := os.Getenv(k.variable); url != "" {
		return url
	}
	own.Lock()
	defer own.Unlock()
	if own.servers[k] == nil {
		server, err := k.start()
		if err != nil {
			t.Fatalf("testserver: %s: %v", k.script, err)
		}
		if own.servers == nil {
			own.servers = map[Kind]*Server{}
		}
		own.servers[k] = server
	}
	return own.servers[k].URL
}

// Server is a server that one test has for itself.
type Server struct {
	URL string

	// lifeline is the standard input of the script. Nobody writes to it: the operating system closes
	// it when this process ends, even when it is killed, and that stops the server. Kept here, for
	// the garbage collector would close it as well.
	lifeline io.Closer
	stop     func()
}

// Start starts a server that nobody else uses and that ends with the test.
func (k Kind) Start(t testing.TB) *Server {
	t.Helper()
	server, err := k.start()
	if err != nil {
		t.Fatalf("testserver: %s: %v", k.script, err)
	}
	t.Cleanup(server.Stop)
	return server
}

// Stop ends the server and returns when it has ended. It may be called more than once.
func (s *Server) Stop() { s.stop() }

func (k Kind) start() (*Server, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(root, "scripts", k.script), "sh", "-c", `echo "$`+k.variable+`" && exec cat`)
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
	stop := sync.OnceFunc(func() {
		lifeline.Close()
		_ = cmd.Wait() // it has been told to end, and has nothing to say
	})
	return &Server{URL: strings.TrimSpace(line), lifeline: lifeline, stop: stop}, nil
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
