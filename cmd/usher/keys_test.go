package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/store/storetest"
)

// A node obeys what a command in another process did, on the same machine or, on PostgreSQL, on another.
func TestKeysAreRotatedWhileANodeServes(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) { rotateWhileServing(t, binary, "--data", t.TempDir()) })
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		t.Setenv("USHER_POSTGRES_OWNER", owner)
		rotateWhileServing(t, binary, "--data", t.TempDir(), "--postgres", application)
	})
}

func rotateWhileServing(t *testing.T, binary string, place ...string) {
	node := serveDemo(t, binary, place...)
	keys := func(args ...string) string {
		return do(t, binary, append(append([]string{"keys"}, args...), place...)...)
	}
	if list := keys("list"); !regexp.MustCompile(`(?m)^\S{43}  signs  \S+Z  further notice$`).MatchString(list) {
		t.Errorf("%s", list)
	}
	waiting := keyIn(t, keys("rotate", "signing"))
	if list := keys("list"); strings.Count(list, "\n") != 3 || !strings.Contains(list, waiting+"  waits") {
		t.Errorf("%s", list)
	}
	refuse(t, binary, "a signing key waits for its turn already", append([]string{"keys", "rotate", "signing"}, place...)...)
	signing := keyIn(t, keys("rotate", "signing", "--now"))
	if list := keys("list"); strings.Count(list, "\n") != 2 || !strings.Contains(list, signing+"  signs") {
		t.Errorf("%s", list)
	}
	obeys := func() bool {
		published := fetch(t, node.url+"/.well-known/jwks.json")
		return strings.Contains(published, signing) && !strings.Contains(published, waiting)
	}
	for !obeys() {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// keyIn is the id in what a rotation printed.
func keyIn(t *testing.T, printed string) string {
	t.Helper()
	found := regexp.MustCompile(`^Key (\S{43}) signs from \S+Z\.\n$`).FindStringSubmatch(printed)
	if found == nil {
		t.Fatalf("%q", printed)
	}
	return found[1]
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
