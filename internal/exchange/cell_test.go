package exchange

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/api"
)

// entries are texts as names can be: without outer spaces, and none of them empty.
var entries = rapid.SliceOf(rapid.StringMatching(`[a\\;/\[\]'=+@＝-]([a\\;/\[\]'= +-]*[a\\;/\[\]])?`))

func TestListsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var paths []string
		for range rapid.IntRange(0, 3).Draw(t, "paths") {
			path := entries.Filter(func(p []string) bool { return len(p) > 0 }).Draw(t, "path")
			text := joined('/', path)
			if back, err := split('/', text); err != nil || !slices.Equal(back, path) {
				t.Fatalf("%q was written %q and read %q, %v", path, text, back, err)
			}
			paths = append(paths, text)
		}
		if rapid.Bool().Draw(t, "a list") && paths == nil {
			paths = []string{}
		}
		back, err := readList(listCell(paths))
		if err != nil || !slices.Equal(back, paths) || (back == nil) != (paths == nil) {
			t.Fatalf("%#v was written %q and read %#v, %v", paths, listCell(paths), back, err)
		}
	})
}

// What leaves as a cell that no spreadsheet runs comes back as it was.
func TestCellsComeBackAsTheyWere(t *testing.T) {
	begins := rapid.SampledFrom([]string{"", "'", "''", "=", "+", "-", "@", "\t", "＝", "'=", "''@", `"`, ",", "a;=", ";'＠", ";;-"})
	rapid.Check(t, func(t *rapid.T) {
		text := begins.Draw(t, "begin") + rapid.StringMatching(`[a=+@',;"\n -]*`).Draw(t, "rest")
		cell := api.Harmless(text)
		for part := range strings.SplitSeq(cell, ";") { // which is where many spreadsheets begin another cell
			if part != "" && strings.ContainsRune("=+-@\t＝＠", []rune(part)[0]) {
				t.Fatalf("%q is written %q, which a spreadsheet runs", text, cell)
			}
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.UseCRLF = true
		if err := w.WriteAll([][]string{{cell, "end"}}); err != nil {
			t.Fatal(err)
		}
		read, err := csv.NewReader(strings.NewReader(b.String())).Read()
		if err != nil || api.Unharmed(read[0]) != text {
			t.Fatalf("%q came back as %q, %v", text, read, err)
		}
	})
}

func TestListsThatCannotBeRead(t *testing.T) {
	for cell, want := range map[string]error{"a;;b": errEmptyEntry, ";": errEmptyEntry, `a\`: errLoneEscape} {
		if _, err := readList(cell); err != want {
			t.Errorf("%q: %v, want %v", cell, err, want)
		}
	}
}
