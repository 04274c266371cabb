//go:build unix

package server_test

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// BenchmarkRecorded measures small requests over the loopback that are authenticated, authorised and durably recorded, over so
// many connections, and in turns the same answers from a handler of net/http that does nothing else. Both ends of all connections
// are in this process. A commit is one row in a file of its own, written by nobody else.
func BenchmarkRecorded(b *testing.B) {
	s := servertest.Run(b, storetest.SQLite(b))
	acme := s.NewTenant("acme", "it-desk")
	admin := acme.NewUser("root", nil, "admin").SignIn()
	tag := admin.Do("POST", "/v1/tags", object{"name": "printer"}).Expect(201).String("id")
	admin.Do("GET", "/v1/tags", nil).Expect(200)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"items": []object{{"id": tag, "name": "printer", "version": 1}}}) // the client is there
	}))
	b.Cleanup(bare.Close)
	for _, connections := range []int{1, 64, 256} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			plain, recorded := dialAll(b, bare.URL, "", connections), dialAll(b, s.Address(), admin.Token, connections)
			disk := newDisk(b)
			var plainTook, recordedTook, plainSpent, recordedSpent time.Duration
			var plainEach, recordedEach, commits []time.Duration
			requests := 0
			for b.Loop() {
				took, spent, each := plain.round(b)
				plainTook, plainSpent, plainEach = plainTook+took, plainSpent+spent, append(plainEach, each...)
				took, spent, each = recorded.round(b)
				recordedTook, recordedSpent, recordedEach = recordedTook+took, recordedSpent+spent, append(recordedEach, each...)
				commits = append(commits, disk.commit(b))
				requests += len(each)
			}
			b.ReportMetric(float64(requests)/plainTook.Seconds(), "plain/s")
			b.ReportMetric(float64(requests)/recordedTook.Seconds(), "recorded/s")
			b.ReportMetric(plainTook.Seconds()/recordedTook.Seconds(), "ratio")
			b.ReportMetric(plainSpent.Seconds()/recordedSpent.Seconds(), "processor")
			added := quantile(recordedEach, 0.5) - quantile(plainEach, 0.5)
			b.ReportMetric(added, "added-ms")
			b.ReportMetric(added/quantile(commits, 0.5), "commits")
		})
	}
}

// lines are connections that ask the same question again and again.
type lines struct {
	question string
	lines    []*line
}

// line is one connection. What it costs is little beside what either server does, and the same for both.
type line struct {
	net.Conn
	answers *bufio.Reader
}

// asked is how often every connection asks in a round.
const asked = 40

func dialAll(b *testing.B, address, token string, n int) *lines {
	b.Helper()
	host := strings.TrimPrefix(address, "http://")
	all := &lines{question: "GET /v1/tags HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token + "\r\n\r\n"}
	for range n {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { conn.Close() })
		all.lines = append(all.lines, &line{conn, bufio.NewReader(conn)})
	}
	return all
}

// round has every connection ask, one question after the other, and returns how long that took, all together and each, and
// what the processors spent on it.
func (l *lines) round(b *testing.B) (all, spent time.Duration, each []time.Duration) {
	b.Helper()
	times := make([][]time.Duration, len(l.lines))
	var done sync.WaitGroup
	began, before := time.Now(), processor(b)
	for i, line := range l.lines {
		done.Go(func() {
			for range asked {
				sent := time.Now()
				if err := line.ask(l.question); err != nil {
					b.Error(err)
					return
				}
				times[i] = append(times[i], time.Since(sent))
			}
		})
	}
	done.Wait()
	all, spent = time.Since(began), processor(b)-before
	for _, t := range times {
		each = append(each, t...)
	}
	return all, spent, each
}

// processor is the time that processors have spent on this process, which other work beside it changes little.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (l *line) ask(question string) error {
	if _, err := io.WriteString(l, question); err != nil {
		return err
	}
	answer, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", answer.Status)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

// disk shows what one commit costs.
type disk struct{ *sql.DB }

func newDisk(b *testing.B) disk {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "commits.db")+"?_pragma=journal_mode(WAL)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	for _, statement := range []string{`PRAGMA synchronous = FULL`, `CREATE TABLE commits (body TEXT)`} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	return disk{db}
}

func (d disk) commit(b *testing.B) time.Duration {
	b.Helper()
	began := time.Now()
	if _, err := d.ExecContext(b.Context(), `INSERT INTO commits VALUES (?)`, strings.Repeat("a", 1000)); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}
