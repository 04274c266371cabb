package main

import (
	"bufio"
	"strings"
	"testing"
	"time"
)

func TestTally(t *testing.T) {
	cases := []struct{ name, events, want string }{
		{"a passed package is one line, whatever its tests said", `
			{"Action":"run","Package":"p","Test":"TestA"}
			{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
			{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}
			{"Action":"pass","Package":"p","Elapsed":0.25}`,
			"ok   p  0.2s\ntook 5s\n1 passed, 0 failed\n"},
		{"a failed test shows its output", `
			{"Action":"output","Package":"p","Test":"TestA","Output":"a_test.go:1: why\n"}
			{"Action":"fail","Package":"p","Test":"TestA"}
			{"Action":"fail","Package":"p","Elapsed":1}`,
			"--- p: TestA\na_test.go:1: why\nFAIL p  1.0s\ntook 5s\n0 passed, 1 failed\n"},
		{"a package that does not compile is one failure", `
			{"Action":"build-output","ImportPath":"p","Output":"p.go:1: syntax error\n"}
			{"Action":"build-fail","ImportPath":"p"}
			{"Action":"output","Package":"p","Output":"FAIL p [build failed]\n"}
			{"Action":"fail","Package":"p","Elapsed":0}`,
			"p.go:1: syntax error\nFAIL p  0.0s\nFAIL p [build failed]\ntook 5s\n0 passed, 1 failed\n"},
		{"a test that hung is shown with the package that broke off", `
			{"Action":"output","Package":"p","Test":"TestA","Output":"panic: test timed out\n"}
			{"Action":"fail","Package":"p","Elapsed":600}`,
			"FAIL p  600.0s\npanic: test timed out\ntook 5s\n0 passed, 1 failed\n"},
		{"what is no event is shown as it is", `
			go: updates to go.mod needed`,
			"go: updates to go.mod needed\ntook 5s\n0 passed, 0 failed\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got strings.Builder
			out := bufio.NewWriter(&got)
			tally := newTally(out)
			lines := strings.ReplaceAll(strings.TrimLeft(c.events, "\n"), "\t", "") + "\n"
			if err := tally.read(strings.NewReader(lines)); err != nil {
				t.Fatal(err)
			}
			tally.close(0, 5*time.Second)
			out.Flush()
			if got.String() != c.want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), c.want)
			}
		})
	}
}

func TestClosingLinesCountWhatWasLeftOutAndSkipped(t *testing.T) {
	var got strings.Builder
	out := bufio.NewWriter(&got)
	tally := newTally(out)
	tally.take(event{Action: "skip", Package: "p", Test: "TestA"})
	tally.close(3, time.Minute)
	out.Flush()
	want := "3 left out: they read ../shared/vectors, and ../shared is not here\ntook 1m0s\n0 passed, 0 failed, 1 skipped\n"
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}
