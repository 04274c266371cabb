package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/store/storetest"
)

// The tour of the README is walked as it stands there: the binary is built and serves the
// demonstration, a shell runs the commands, and what they print is compared with what is printed.
func TestTour(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) { walkTour(t, serveDemo(t, binary)) })
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		walkTour(t, serveDemo(t, binary, "--postgres", application, "--postgres-owner", owner))
	})
}

// demo is a running demonstration.
type demo struct {
	listens string // where, whatever the public address
	url     string
	people  map[string]person // by "tenant username"
	process *os.Process
	killed  chan bool // told by who kills the process
	binary  string
}

// person is what is printed of somebody.
type person struct{ password, secret string }

// serveDemo serves the demonstration on a free port.
func serveDemo(t *testing.T, binary string, flags ...string) demo {
	t.Helper()
	return start(t, binary, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0"}, flags...)...)
}

// start starts a binary that serves, and reads what it prints.
func start(t *testing.T, binary string, args ...string) demo {
	t.Helper()
	cmd := exec.Command(binary, args...)
	output, both, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = both, both // in one stream, people stand before the word that it serves
	err = cmd.Start()
	both.Close() // the process has its own; when it ends, so does what is read
	if err != nil {
		t.Fatal(err)
	}
	d := demo{people: map[string]person{}, process: cmd.Process, killed: make(chan bool, 1), binary: binary}
	said := bufio.NewScanner(output)
	for d.url == "" && said.Scan() {
		if before, url, found := strings.Cut(said.Text(), " and serves "); found {
			_, address, _ := strings.Cut(before, " listens on ")
			d.listens, d.url = "http://"+address, url
		}
		if column := strings.Split(said.Text(), "\t"); len(column) == 4 {
			d.people[column[0]+" "+column[1]] = person{column[2], column[3]}
		}
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // fails when it was killed
		for said.Scan() {
			t.Log(said.Text())
		}
		output.Close()
		if err := cmd.Wait(); err != nil && len(d.killed) == 0 {
			t.Errorf("after SIGTERM: %v", err)
		}
	})
	if d.url == "" {
		t.Fatal("it did not start")
	}
	return d
}

// kill ends the process without a chance to tidy up.
func (d demo) kill(t *testing.T) {
	t.Helper()
	if err := d.process.Kill(); err != nil {
		t.Fatal(err)
	}
	d.killed <- true
}

func walkTour(t *testing.T, d demo) {
	steps := readTour(t)
	printed := runShell(t, d, steps)
	for i, step := range steps {
		if step.answer == "" {
			continue
		}
		var got, want any
		if err := json.Unmarshal([]byte(printed[i]), &got); err != nil {
			t.Fatalf("%s\nprinted no JSON: %q", step.commands, printed[i])
		}
		if err := json.Unmarshal([]byte(step.answer), &want); err != nil {
			t.Fatalf("the README's answer is not JSON: %v\n%s", err, step.answer)
		}
		if problem := unlike(got, want, "answer"); problem != "" {
			t.Errorf("%s\n%s\nprinted %s", step.commands, problem, printed[i])
		}
	}
}

// step is a block of commands with the answer that follows it, if one does.
type step struct{ commands, answer string }

func readTour(t *testing.T) []step {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, found := strings.Cut(string(text), "\n## A tour\n")
	if !found {
		t.Fatal("the README has no tour")
	}
	tour, _, _ = strings.Cut(tour, "\n## ")
	var steps []step
	for i, block := range strings.Split(tour, "```") {
		language, content, _ := strings.Cut(block, "\n")
		switch {
		case i%2 == 0: // prose
		case language == "sh":
			steps = append(steps, step{commands: content})
		case language == "json":
			steps[len(steps)-1].answer = content
		default:
			t.Errorf("a block of the tour is neither sh nor json: %q", language)
		}
	}
	if len(steps) < 10 {
		t.Errorf("the tour has only %d steps", len(steps))
	}
	return steps
}

// runShell runs all steps in one shell and returns what each printed.
func runShell(t *testing.T, d demo, steps []step) []string {
	t.Helper()
	const mark = "=== end of a step ==="
	var script strings.Builder
	fmt.Fprintln(&script, "set -eu")
	for _, s := range steps {
		commands := strings.Replace(s.commands, "URL=http://127.0.0.1:8080", "URL="+d.url, 1)
		commands = strings.Replace(commands, "PASSWORD=…", "PASSWORD="+d.people["it admin"].password, 1)
		commands = strings.Replace(commands, "SECRET=…", "SECRET="+d.people["it admin"].secret, 1)
		commands = strings.Replace(commands, "go run ./cmd/usher", d.binary, 1)
		fmt.Fprintf(&script, "%s\necho '%s'\n", commands, mark)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh")
	cmd.Stdin = strings.NewReader(script.String())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the shell: %v\n%s%s", err, out, stderr.Bytes())
	}
	return strings.Split(string(out), mark+"\n")
}

// unlike says where got is not as the README shows it: members that the README leaves out may be
// anything, and "…" stands for any text.
func unlike(got, want any, place string) string {
	switch want := want.(type) {
	case map[string]any:
		members, _ := got.(map[string]any)
		for name, value := range want {
			found, there := members[name]
			if !there {
				return place + "." + name + " is missing"
			}
			if problem := unlike(found, value, place+"."+name); problem != "" {
				return problem
			}
		}
		return ""
	case []any:
		items, _ := got.([]any)
		if len(items) != len(want) {
			return fmt.Sprintf("%s has %d items, not %d", place, len(items), len(want))
		}
		for i := range want {
			if problem := unlike(items[i], want[i], fmt.Sprintf("%s[%d]", place, i)); problem != "" {
				return problem
			}
		}
		return ""
	case string:
		if text, isText := got.(string); isText && want == "…" && text != "" {
			return ""
		}
	}
	if got != want {
		return fmt.Sprintf("%s is %v, not %v", place, got, want)
	}
	return ""
}
