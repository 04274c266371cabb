package main

import (
	"bufio"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server"
)

// victim is a process of usher serve that is going to be killed.
type victim struct {
	url     string
	command *exec.Cmd
	said    *bufio.Scanner
}

// startVictim starts one and returns when it serves. It has a name of its own: the next one need not wait until
// everybody takes it for dead.
func startVictim(t *testing.T, p server.Place, n int, flags ...string) *victim {
	t.Helper()
	flags = append(append(flagsOf(p), "--listen", "127.0.0.1:0", "--node", fmt.Sprintf("victim-%d", n)), flags...)
	v := &victim{command: exec.Command("usher", append([]string{"serve"}, flags...)...)}
	output, err := v.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.command.Process.Kill() }) // fails when it was killed before
	v.said = bufio.NewScanner(output)
	for v.url == "" && v.said.Scan() {
		if _, after, found := strings.Cut(v.said.Text(), " listens on "); found {
			address, _, _ := strings.Cut(after, " ")
			v.url = "http://" + address
		} else {
			t.Log(v.said.Text())
		}
	}
	if v.url == "" {
		t.Fatal("it did not start")
	}
	return v
}

// kill ends the process as the kernel does when memory runs out, and returns when it is gone.
func (v *victim) kill(t *testing.T) {
	t.Helper()
	if err := v.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for v.said.Scan() {
		if strings.Contains(v.said.Text(), "level=ERROR") || strings.Contains(v.said.Text(), "panic") {
			t.Error(v.said.Text())
		}
	}
	_ = v.command.Wait() // it was killed
}
