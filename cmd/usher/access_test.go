package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access/world"
)

// The line at the end counts every question of every file.
func TestAccessTestCountsEveryQuestion(t *testing.T) {
	files, _ := filepath.Glob("../../access/testdata/world-*.json")
	random, _ := filepath.Glob("../../access/testdata/random-*.json")
	files = append(files, random...)
	asked := 0
	for _, file := range files {
		w, err := world.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		asked += len(w.Checks) + len(w.Holds) + len(w.Filters) + len(w.WhoCan) + len(w.Previews)
	}
	for _, flags := range [][]string{nil, {"--store"}} {
		text, code := output(append(append([]string{"access", "test"}, flags...), files...))
		if want := fmt.Sprintf("%d passed, 0 failed\n", asked); asked == 0 || text != want || code != exitGood {
			t.Errorf("%v: exit %d, got %q, want %q", flags, code, text, want)
		}
	}
}

func TestAccessTestWronglyUsed(t *testing.T) {
	for _, args := range [][]string{
		{"access"},
		{"access", "test"},
		{"access", "test", "--postgres", "postgres://localhost/x", "world.json"},
		{"access", "test", "--stone", "world.json"},
	} {
		text, code := output(args)
		if code != exitUsage || !strings.Contains(text, "usher: ") {
			t.Errorf("%v: exit %d, %q", args, code, text)
		}
	}
}

// Who interrupts it is not told of wrong answers.
func TestAccessTestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var out, complaint bytes.Buffer
	code := run(ctx, []string{"access", "test", "--store", "../../access/testdata/world-business.json"}, streams{strings.NewReader(""), &out, &complaint})
	if code != exitFailed || out.Len() > 0 || strings.Contains(complaint.String(), "want") {
		t.Errorf("exit %d, %q, %q", code, &out, &complaint)
	}
}
