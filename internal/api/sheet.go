package api

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
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

// Harmless is a text as no spreadsheet takes it for a formula. [Unharmed] is the way back: to tell what came
// with an apostrophe from what was given one, what looks like the latter is given another.
func Harmless(text string) string {
	if isFormula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// Unharmed is the text of a cell that [Harmless] may have written.
func Unharmed(cell string) string {
	if rest, given := strings.CutPrefix(cell, "'"); given && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// isFormula tells whether spreadsheets may run a cell: by how it begins, in either width.
func isFormula(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0])
}
