// Command tally reads what go test -json writes, shows people the part they need,
// and closes with one line of counts.
//
//	go test -json ./... | go -C tools run ./tally
//
// A package that passed gets one line; a test that failed gets its whole output. A
// package that failed without a failed test (it does not compile, it ran out of
// time) counts as one failure. It exits with 1 when anything failed or nothing ran.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	leftOut := flag.String("left-out", "", "file with a line for every test that was left out")
	started := flag.Int64("started", time.Now().Unix(), "when the whole run began, in Unix seconds")
	flag.Parse()

	out := bufio.NewWriter(os.Stdout)
	t := newTally(out)
	err := t.read(os.Stdin)
	if err == nil {
		t.close(countLines(*leftOut), time.Since(time.Unix(*started, 0)))
	}
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
	}
	if err != nil || t.failed > 0 || t.passed == 0 {
		os.Exit(1)
	}
}

// countLines counts the lines of a file that exists only when a line was written.
func countLines(name string) int {
	file, err := os.Open(name)
	if err != nil {
		return 0
	}
	defer file.Close()
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		n++
	}
	return n
}
