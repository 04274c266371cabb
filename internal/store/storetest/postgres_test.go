package storetest_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/usher-desk/usher/internal/store/storetest"
)

func TestPostgresURLNamesALiveServerAsSuperuser(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())

	var superuser bool
	row := conn.QueryRow(t.Context(), `SELECT usesuper FROM pg_user WHERE usename = current_user`)
	if err := row.Scan(&superuser); err != nil || !superuser {
		t.Fatalf("superuser = %v, %v; tests make databases and roles", superuser, err)
	}
}

func TestPostgresURLIsOneServerPerProcess(t *testing.T) {
	if first, second := storetest.PostgresURL(t), storetest.PostgresURL(t); first != second {
		t.Fatalf("two servers: %s and %s", first, second)
	}
}

// The server of a killed test process must not outlive it: nobody would ever stop it.
func TestServerEndsWithAKilledProcess(t *testing.T) {
	owner := exec.Command(os.Args[0], "-test.run=^TestServerOwner$")
	owner.Env = append(os.Environ(), "USHER_TEST_POSTGRES=", "USHER_SERVER_OWNER=yes")
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
	var url string
	if _, err := fmt.Fscanln(stdout, &url); err != nil {
		t.Fatalf("the owner printed no address: %v", err)
	}
	open := dial(t, url)

	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()

	// A connection that says nothing is held open by a living server; the deadline is
	// well below the minute after which even that one would hang up.
	if err := open.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, err = open.Read(make([]byte, 1))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("the server outlived the process that started it")
	}
}

// TestServerOwner is the process that TestServerEndsWithAKilledProcess kills. Run
// among the other tests it starts nothing.
func TestServerOwner(t *testing.T) {
	if os.Getenv("USHER_SERVER_OWNER") == "" {
		return
	}
	fmt.Println(storetest.PostgresURL(t))
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
