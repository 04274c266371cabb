package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// event is one line of go test -json; see go doc test2json and go help buildjson.
type event struct {
	Action     string
	Package    string
	ImportPath string // in place of Package while something is compiled
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

type tally struct {
	out                     *bufio.Writer
	passed, failed, skipped int

	output      map[string]string // by test, until its verdict is known
	failedTests map[string]int    // by package
}

func newTally(out *bufio.Writer) *tally {
	return &tally{out: out, output: map[string]string{}, failedTests: map[string]int{}}
}

// read takes events until there are no more. What is not an event is shown as it
// is: then go test itself had something to say.
func (t *tally) read(from io.Reader) error {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				t.take(e)
			} else {
				t.out.Write(line)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (t *tally) take(e event) {
	key := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output":
		t.out.WriteString(e.Output)
	case e.Action == "output":
		t.output[key] += e.Output
	case e.Test != "":
		t.takeTest(e, key)
	default:
		t.takePackage(e, key)
	}
}

func (t *tally) takeTest(e event, key string) {
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.skipped++
	case "fail":
		t.failed++
		t.failedTests[e.Package]++
		fmt.Fprintf(t.out, "--- %s: %s\n%s", e.Package, e.Test, t.output[key])
	default:
		return
	}
	delete(t.output, key)
}

func (t *tally) takePackage(e event, key string) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(t.out, "ok   %s  %.1fs\n", e.Package, e.Elapsed)
	case "fail":
		fmt.Fprintf(t.out, "FAIL %s  %.1fs\n", e.Package, e.Elapsed)
		if t.failedTests[e.Package] == 0 {
			t.failed++
			t.out.WriteString(t.remains(e.Package))
		}
		t.failedTests[e.Package] = 0 // the same package may come again, with -race
	default:
		return
	}
	t.out.Flush()
	delete(t.output, key)
}

// remains is what a package said that broke off: its own last words, and those of
// the tests that never came to a verdict.
func (t *tally) remains(pkg string) string {
	said := ""
	for _, key := range slices.Sorted(maps.Keys(t.output)) {
		if strings.HasPrefix(key, pkg+" ") {
			said += t.output[key]
			delete(t.output, key)
		}
	}
	return said
}

// close writes the closing lines. The last one stands alone on its line, in the
// form that programs look for.
func (t *tally) close(leftOut int, took time.Duration) {
	if leftOut > 0 {
		fmt.Fprintf(t.out, "%d left out: they read ../shared/vectors, and ../shared is not here\n", leftOut)
	}
	fmt.Fprintf(t.out, "took %s\n%d passed, %d failed", took.Round(time.Second), t.passed, t.failed)
	if t.skipped > 0 {
		fmt.Fprintf(t.out, ", %d skipped", t.skipped)
	}
	fmt.Fprintln(t.out)
}
