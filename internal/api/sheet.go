package api

import (
	"bytes"
	"encoding/csv"
	"io"
	"regexp"
)

// NewSheet is a table as comma-separated values (RFC 4180) for spreadsheets. It begins with a byte order
// mark, without which Excel takes Chinese names for Latin ones. Cells that somebody chose the text of come
// through [Harmless].
func NewSheet(name string, rows [][]string) (*Download, error) {
	text := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(text)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return &Download{Name: name, Type: "text/csv; charset=utf-8", Size: int64(text.Len()), Body: io.NopCloser(text)}, nil
}

// Harmless is a text as no spreadsheet takes it for a formula: neither the whole of it nor what stands behind
// a semicolon, which is where many of them end a cell. [Unharmed] is the way back: to tell what came with an
// apostrophe from what was given one, what looks like the latter is given another.
func Harmless(text string) string { return formula.ReplaceAllString(text, "$1'$2") }

// Unharmed is the text of a cell that [Harmless] may have written.
func Unharmed(cell string) string { return harmless.ReplaceAllString(cell, "$1$2") }

// Spreadsheets may run a cell by how it begins, in either width; apostrophes are what it was given.
var (
	formula  = regexp.MustCompile(`(^|;)('*[=+\-@\t\r\n＝＋－＠])`)
	harmless = regexp.MustCompile(`(^|;)'('*[=+\-@\t\r\n＝＋－＠])`)
)
