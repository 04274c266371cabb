package realtime_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// many is how many connections are weighed.
const many = 5_000

// BenchmarkConnection says what a connection that follows `mine` costs the server while nothing happens,
// with stacks and the library's buffers. The other ends are in a process of their own.
func BenchmarkConnection(b *testing.B) {
	if address := os.Getenv("USHER_TEST_CROWD"); address != "" {
		attend(b, address)
		return
	}
	limits := realtime.Limits{PerSession: 2 * many, PerUser: 2 * many, Heartbeat: time.Hour}
	p := newProgram(servertest.RunLimited(b, storetest.SQLite(b), limits))
	before := weight()
	crowd := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkConnection$", "-test.benchtime=1x")
	crowd.Env = append(os.Environ(), "USHER_TEST_CROWD="+strings.TrimPrefix(p.URL, "http://")+" "+p.ann.SignIn().Token)
	crowd.Stderr = os.Stderr
	in, err := crowd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := crowd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := crowd.Start(); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "there"; {
	}
	after := weight()
	b.ReportMetric(float64(after-before)/many, "B/connection")
	b.ReportMetric(0, "ns/op")
	in.Close()
	_ = crowd.Wait()
}

// weight is what the process holds, after everything that is not needed has been given back.
func weight() uint64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// attend opens the connections, follows and waits.
func attend(b *testing.B, crowd string) {
	address, token, _ := strings.Cut(crowd, " ")
	hello := "GET /v1/realtime HTTP/1.1\r\nHost: desk\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer " + token + "\r\n\r\n"
	follow := `{"type":"follow","stream":"mine"}`
	var peers []net.Conn
	for range many {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		peers = append(peers, conn)
		_, _ = io.WriteString(conn, hello)
		in := bufio.NewReader(conn)
		response, err := http.ReadResponse(in, nil)
		if err != nil || response.StatusCode != 101 {
			b.Fatal(err, response)
		}
		_, _ = io.WriteString(conn, frame(len(follow), follow))
		if text, err := in.ReadString('}'); err != nil || !strings.Contains(text, "followed") {
			b.Fatal(text, err)
		}
		go func() { _, _ = io.Copy(io.Discard, in) }()
	}
	fmt.Println("\nthere")
	_, _ = io.ReadAll(os.Stdin)
	runtime.KeepAlive(peers)
}
