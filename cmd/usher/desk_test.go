package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
)

// deskReport is the last line of usher desk simulate, as far as other programs rely on it.
type deskReport struct {
	Conversations int               `json:"conversations"`
	Assigned      int               `json:"assigned"`
	Broken        []string          `json:"broken"`
	Examples      map[string]string `json:"examples"`
	Waiting       map[string]float64
	Delivery      map[string]float64
	SkillMatch    float64 `json:"skill_match"`
	Kills         int     `json:"kills"`
	Unexpected    int     `json:"unexpected"`
}

// simulation is the command, with a folder of its own for what is temporary. TestMain has put usher into PATH.
func simulation(temporary string, flags ...string) *exec.Cmd {
	cmd := exec.Command("usher", append([]string{"desk", "simulate"}, flags...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+temporary)
	return cmd
}

// simulate runs a virtual desk, which must break nothing, leave nothing behind, and tell what it did.
func simulate(t *testing.T, flags ...string) deskReport {
	t.Helper()
	temporary := t.TempDir()
	cmd := simulation(temporary, flags...)
	var out, progress bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &progress
	err := cmd.Run()
	text := strings.TrimSpace(out.String())
	var report deskReport
	if wrong := json.Unmarshal([]byte(text[strings.LastIndex(text, "\n")+1:]), &report); wrong != nil || err != nil {
		t.Fatalf("%v, %v\n%s\n%s", err, wrong, progress.String(), text)
	}
	t.Logf("%s\n%s", progress.String(), text)
	if report.Broken == nil || len(report.Broken) > 0 {
		t.Errorf("broken: %q", report.Examples)
	}
	if report.Conversations == 0 || report.Assigned == 0 || report.Waiting["max_ms"] <= 0 || report.Delivery["p50_ms"] <= 0 || report.Unexpected > 0 {
		t.Errorf("%+v", report)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	return report
}

func TestDeskSimulateOnSQLite(t *testing.T) {
	t.Parallel()
	simulate(t, "--duration", "10s", "--agents", "4", "--requesters", "6", "--arrivals", "240", "--seed", "1")
}

// The node is killed and comes again with what it had acknowledged.
func TestDeskSimulateWithItsOnlyNodeKilled(t *testing.T) {
	t.Parallel()
	if r := simulate(t, "--duration", "10s", "--agents", "4", "--requesters", "6", "--kill", "--json"); r.Kills == 0 {
		t.Error("nothing was killed")
	}
}

// Three nodes on PostgreSQL of which one or the other is killed at random. make test does it for a minute,
// make soak for ten.
func TestDeskSimulateWithNodesKilled(t *testing.T) {
	t.Parallel()
	duration := os.Getenv("USHER_TEST_DESK")
	if duration == "" {
		duration = "10s"
	}
	if r := simulate(t, "--duration", duration, "--nodes", "3", "--kill", "--postgres", storetest.PostgresURL(t)); r.Kills == 0 {
		t.Error("nothing was killed")
	}
}

// With a Redis the nodes tell each other what happens, without one they look for it.
func TestDeskSimulateWithRedis(t *testing.T) {
	t.Parallel()
	simulate(t, "--duration", "5s", "--agents", "4", "--requesters", "6", "--arrivals", "240", "--nodes", "2",
		"--postgres", storetest.PostgresURL(t), "--redis", testserver.Redis.URL(t))
}

// Whoever stops a desk, by whatever means, is left with no process and no folder.
func TestDeskSimulateIsInterrupted(t *testing.T) {
	t.Parallel()
	temporary := t.TempDir()
	cmd := simulation(temporary, "--duration", "1h", "--agents", "2", "--requesters", "2")
	var out bytes.Buffer
	cmd.Stdout = &out
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	awaitLine(t, progress, " s: ")
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	drainLines(progress)
	if err := cmd.Wait(); err != nil || !strings.Contains(out.String(), `"broken":[]`) {
		t.Errorf("%v\n%s", err, out.String())
	}
	if left, _ := filepath.Glob(filepath.Join(temporary, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A desk that is killed takes its nodes with it.
func TestDeskSimulateIsKilled(t *testing.T) {
	t.Parallel()
	cmd := simulation(t.TempDir(), "--duration", "1h", "--agents", "2", "--requesters", "2")
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSuffix(strings.TrimPrefix(awaitLine(t, progress, "serves at "), "a throwaway server serves at "), ",")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	drainLines(progress)
	_ = cmd.Wait()
	for answers := true; answers; { // until it is gone: a test that hangs here has found that it is not
		answer, err := (&http.Client{Timeout: time.Second}).Get(address + "/livez")
		if answers = err == nil; answers {
			answer.Body.Close()
		}
	}
}

// awaitLine reads until a line holds a text, and returns that line.
func awaitLine(t *testing.T, from io.Reader, text string) string {
	t.Helper()
	for one := make([]byte, 1); ; {
		var line []byte
		for {
			if _, err := from.Read(one); err != nil {
				t.Fatalf("it ended before it said %q: %v", text, err)
			}
			if one[0] == '\n' {
				break
			}
			line = append(line, one[0])
		}
		if strings.Contains(string(line), text) {
			return string(line)
		}
	}
}

// drainLines reads what is left, so that nobody waits for somebody to read it.
func drainLines(from io.Reader) { _, _ = io.Copy(io.Discard, from) }
