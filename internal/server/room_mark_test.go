package server_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// The log tells of a disk that is nearly full when the server starts, and there is room again only well above the mark.
func TestTheMarkIsLeftWellAboveIt(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(was)
	var left atomic.Int64
	left.Store(99)
	s := servertest.RunOnDisk(t, storetest.SQLite(t), func() (int64, error) { return left.Load(), nil }, 100)
	if !strings.Contains(log.String(), "the disk of the database is nearly full") {
		t.Errorf("at the start the log says %q", log.String())
	}
	for _, c := range []struct {
		left int64
		low  bool
	}{{99, true}, {100, true}, {109, true}, {110, false}, {101, false}, {100, false}, {99, true}, {109, true}} {
		left.Store(c.left)
		answer := s.Client().Do("GET", "/readyz", nil).Expect(200)
		if low := strings.Contains(string(answer.Body), `"disk":"low"`); low != c.low {
			t.Errorf("with %d left of 100: %s", c.left, answer.Body)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 3 {
		t.Errorf("the log has %d lines of three changes:\n%s", n, &log)
	}
}
