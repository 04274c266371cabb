package testserver_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/testserver"
)

var kinds = map[string]testserver.Kind{"postgres": testserver.Postgres, "redis": testserver.Redis}

func TestOneServerPerProcessAndKind(t *testing.T) {
	for name, kind := range kinds {
		if first, second := kind.URL(t), kind.URL(t); first != second {
			t.Errorf("%s: two servers, %s and %s", name, first, second)
		}
		dial(t, kind.URL(t))
	}
}

func TestAServerOfOnesOwnCanBeStopped(t *testing.T) {
	for name, kind := range kinds {
		server := kind.Start(t)
		open := dial(t, server.URL)
		if server.URL == kind.URL(t) {
			t.Errorf("%s: not of one's own", name)
		}
		server.Stop()
		server.Stop()
		hungUp(t, open)
	}
}

// The server of a killed test process must not outlive it: nobody would ever stop it.
func TestServerEndsWithAKilledProcess(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) { endsWithItsOwner(t, name, kind) })
	}
}

func endsWithItsOwner(t *testing.T, name string, kind testserver.Kind) {
	owner := exec.Command(os.Args[0], "-test.run=^TestServerOwner$")
	owner.Env = append(os.Environ(), "USHER_TEST_POSTGRES=", "USHER_TEST_REDIS=", "USHER_SERVER_OWNER="+name)
	stdin, err := owner.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	var address string
	if _, err := fmt.Fscanln(stdout, &address); err != nil {
		t.Fatalf("the owner printed no address: %v", err)
	}
	open := dial(t, address)

	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	hungUp(t, open)
}

// TestServerOwner is the process that TestServerEndsWithAKilledProcess kills. Run
// among the other tests it starts nothing.
func TestServerOwner(t *testing.T) {
	kind, asked := kinds[os.Getenv("USHER_SERVER_OWNER")]
	if !asked {
		return
	}
	fmt.Println(kind.URL(t))
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// hungUp fails unless the server ends the connection. A living one holds it open although it says
// nothing; the deadline is well below the minute after which even that one would hang up.
func hungUp(t *testing.T, open net.Conn) {
	t.Helper()
	if err := open.SetReadDeadline(time.Now().Add(50 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, err := open.Read(make([]byte, 1))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("the server goes on")
	}
}
