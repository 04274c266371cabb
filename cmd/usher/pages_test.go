package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The pages are used as people use them: a real browser, the files that are embedded, and the program serving its
// demonstration, anew for each of the files in web/test, so that none finds what another has left. Their tests are told
// of here under their own names. With USHER_SHOTS they leave pictures in that folder: those of the README, and of what
// failed. USHER_TEST_PAGES names one of the files; USHER_LOOKS=all has each page read in both languages and both themes.
func TestPages(t *testing.T) {
	binary := build(t)
	tests, err := filepath.Glob("../../web/test/" + cmp.Or(os.Getenv("USHER_TEST_PAGES"), "*") + ".test.mjs")
	if err != nil || len(tests) == 0 {
		t.Fatalf("no tests of pages: %v", err)
	}
	browser := openBrowser(t)
	beside := make(chan struct{}, 2) // a page that waits for its server leaves a processor to another one
	for _, path := range tests {
		file := filepath.Base(path)
		t.Run(strings.TrimSuffix(file, ".test.mjs"), func(t *testing.T) {
			t.Parallel()
			beside <- struct{}{}
			defer func() { <-beside }()
			usePages(t, serveDemo(t, binary), browser, file)
		})
	}
}

// openBrowser starts the browser in which all files have windows of their own, and returns its address.
func openBrowser(t *testing.T) string {
	t.Helper()
	node := exec.Command("node", "test/chromium.mjs")
	node.Dir, node.Stderr = "../../web", os.Stderr
	open, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatalf("%v; the pages need Node 20.19", err)
	}
	t.Cleanup(func() {
		open.Close()
		if err := node.Wait(); err != nil {
			t.Errorf("the browser: %v", err)
		}
	})
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the browser: %v; the pages need Chromium, and what npm ci installs in web/", err)
	}
	return strings.TrimSpace(address)
}

// usePages runs a file of web/test against a demonstration, in a browser.
func usePages(t *testing.T, d demo, browser, file string) {
	t.Helper()
	node := exec.Command("node", "--test-reporter=./test/reporter.mjs", "test/"+file)
	node.Dir = "../../web"
	node.Env = append(os.Environ(), "USHER_DEMO="+d.described(t), "USHER_BROWSER="+browser)
	node.Stderr = os.Stderr
	said, err := node.Output()
	told := 0
	for lines := bufio.NewScanner(bytes.NewReader(said)); lines.Scan(); {
		told += tellOfPage(t, lines.Text())
	}
	if err != nil && !t.Failed() || told == 0 {
		t.Fatalf("node: %v, %d tests told of; the pages need Node 20.19 and what npm ci installs in web/\n%s", err, told, said)
	}
}

// described is the demonstration as the tests of pages read it, with the program for those that need a server of their own.
func (d demo) described(t *testing.T) string {
	t.Helper()
	type credentials struct {
		Password string `json:"password"`
		Secret   string `json:"secret"`
	}
	people := map[string]credentials{}
	for name, p := range d.people {
		people[name] = credentials{p.password, strings.Trim(p.secret, "-")}
	}
	text, err := json.Marshal(map[string]any{"url": d.url, "people": people, "binary": d.binary})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tellOfPage makes a subtest of a line of web/test/reporter.mjs, and returns how many that were.
func tellOfPage(t *testing.T, line string) int {
	t.Helper()
	var result struct {
		Name, Said string
		OK         bool
	}
	if err := json.Unmarshal([]byte(line), &result); err != nil || result.Name == "" {
		t.Log(line)
		return 0
	}
	t.Run(result.Name, func(t *testing.T) {
		if !result.OK {
			t.Error(result.Said)
		}
	})
	return 1
}
