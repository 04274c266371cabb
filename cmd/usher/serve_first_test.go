package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// A server on an empty place prints one link, which also lies in a file that only the owner reads, and
// the one who has it becomes the first administrator.
func TestServingAnEmptyPlaceOffersToSetItUp(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) { beginWith(t, binary, t.TempDir()) })
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		beginWith(t, binary, t.TempDir(), "--postgres", application, "--postgres-owner", owner)
	})
}

func beginWith(t *testing.T, binary, data string, flags ...string) {
	file := filepath.Join(data, "first-admin.link")
	flags = append(flags, "--data", data)
	abandoned, _, end := serveFirst(t, binary, flags...)
	end()
	link, url, end := serveFirst(t, binary, flags...)
	defer end()
	if link == abandoned || !strings.HasPrefix(link, url+"/setup#platform.") {
		t.Fatalf("the second start printed %q, the first %q", link, abandoned)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != link+"\n" {
		t.Fatalf("the file holds %q, %v", text, err)
	}
	who := map[string]string{"secret": abandoned, "tenant": "acme", "username": "zhou", "password": "seven purple lamps on the roof"}
	ask(t, url+"/v1/setup", who, http.StatusUnprocessableEntity)
	who["secret"] = link
	made := ask(t, url+"/v1/setup", who, http.StatusCreated)
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the link is still in its file: %v", err)
	}
	enrolment := ask(t, url+"/v1/auth/login/enrol", map[string]string{"challenge": made["challenge"]}, http.StatusOK)
	code, err := identity.FactorCode(enrolment["secret"], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	in := ask(t, url+"/v1/auth/login/otp", map[string]string{"challenge": made["challenge"], "code": code}, http.StatusOK)
	if in["access_token"] == "" {
		t.Error("nobody is signed in")
	}
}

// serveFirst starts a server on a free port and returns the link that it printed.
func serveFirst(t *testing.T, binary string, flags ...string) (link, url string, end func()) {
	t.Helper()
	cmd := exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...)...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	printed := bufio.NewScanner(stdout)
	printed.Scan()
	said := bufio.NewScanner(stderr)
	for url == "" && said.Scan() {
		_, url, _ = strings.Cut(said.Text(), " serves ")
	}
	return printed.Text(), url, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		for said.Scan() {
			t.Log(said.Text())
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	}
}

// ask posts JSON and returns the texts of the answer.
func ask(t *testing.T, url string, body map[string]string, status int) map[string]string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(url, "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var members map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&members); err != nil || answer.StatusCode != status {
		t.Fatalf("%s: %d, %v: %v", url, answer.StatusCode, members, err)
	}
	texts := map[string]string{}
	for name, value := range members {
		texts[name], _ = value.(string)
	}
	return texts
}
