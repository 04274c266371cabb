package virtualdesk

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// The page about virtual desks tells of every invariant, and of no other.
func TestEveryInvariantIsExplained(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations/virtual-desk.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("invariant.go")
	if err != nil {
		t.Fatal(err)
	}
	explained := names(page, "(?m)^\\| `([a-z_]+)` \\|")
	declared := names(source, `Invariant = "([a-z_]+)"`)
	if len(declared) < 20 || !slices.Equal(explained, declared) {
		t.Errorf("explained are %q\ndeclared are %q", explained, declared)
	}
}

func names(text []byte, pattern string) (found []string) {
	for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(text, -1) {
		found = append(found, string(match[1]))
	}
	slices.Sort(found)
	return found
}
