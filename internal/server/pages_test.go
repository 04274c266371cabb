package server

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Two tables say which test shows what; a test that is renamed must not leave its old name there.
func TestPagesNameTestsThatExist(t *testing.T) {
	for _, page := range []string{"origins.md", "security/asvs.md"} {
		t.Run(page, func(t *testing.T) { checkTestsNamedIn(t, filepath.Join("../../docs", page)) })
	}
}

func checkTestsNamedIn(t *testing.T, page string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	inFolder := regexp.MustCompile("`((?:access|internal|cmd)[a-z/]*)` ([^;|]+)")
	named := 0
	for _, match := range inFolder.FindAllStringSubmatch(string(text), -1) {
		content := testsOf(t, filepath.Join("../..", match[1]))
		for _, name := range regexp.MustCompile(`Test\w+|\w+_test\.go`).FindAllString(match[2], -1) {
			named++
			if !strings.Contains(content, "func "+name+"(") && !strings.Contains(content, "file "+name+"\n") {
				t.Errorf("%s has no %s", match[1], name)
			}
		}
	}
	if named < 30 {
		t.Errorf("only %d tests are named", named)
	}
}

// testsOf is the text of a folder's test files, each after a line with its name.
func testsOf(t *testing.T, folder string) string {
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString("file " + filepath.Base(file) + "\n" + string(content))
	}
	return all.String()
}
