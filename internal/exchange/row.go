package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// row is one row of a file as it was read.
type row struct {
	number int // as people count: in a spreadsheet the first row has the names of the columns, in JSON it is data
	cells  map[string]cell
}

// numbered is what was made of a row, with its number.
type numbered[R any] struct {
	number int
	value  R
}

// readAll judges rows by themselves and returns those that nothing is wrong with.
func readAll[R any](in []row, r *report, read func(row) R) (rows []numbered[R]) {
	for _, one := range in {
		before := r.badAll
		if value := read(one); r.badAll == before {
			rows = append(rows, numbered[R]{one.number, value})
		}
	}
	return rows
}

// each brings rows in one after the other. What refuses one is wrong with that row; a failure ends it all, and so
// does the end of the request, which nobody waits for any more.
func each[R any](ctx context.Context, rows []numbered[R], r *report, bring func(numbered[R]) error) error {
	for i, one := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i%tellEvery == 0 {
			r.reached("rows", i, len(rows))
		}
		if err := bring(one); err != nil {
			if err := r.refused(one.number, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell is text, or in JSON a list of texts, or null, which is the empty text and no list.
type cell struct {
	text   string
	list   []string
	isList bool
}

// text is a cell of one text, trimmed; it reports whether the file has the column.
func (r row) text(column string, c *report) (text string, sent bool) {
	found, sent := r.cells[column]
	if found.isList {
		c.refuse(r.number, column, "", "expected one text")
	}
	return strings.TrimSpace(found.text), sent
}

// list is a cell of texts, nil when there is no list.
func (r row) list(column string, c *report) (list []string, sent bool) {
	found, sent := r.cells[column]
	list = append([]string{}, found.list...)
	if !found.isList {
		var err error
		if list, err = readList(found.text); err != nil {
			c.refuse(r.number, column, "", err.Error())
		}
	}
	if len(list) > maxEntries || slices.ContainsFunc(list, func(entry string) bool { return len(entry) > maxEntry }) {
		c.refuse(r.number, column, "", fmt.Sprintf("expected at most %d entries of at most %d bytes", maxEntries, maxEntry))
		list = []string{}
	}
	return list, sent
}

// What a cell with a list may hold. Each entry is compared with the others and with the names that there are, in the
// transaction that keeps everybody else from writing.
const (
	maxEntries = 256
	maxEntry   = 4096 // a path of 32 departments
)

// flag is a cell that says yes or no; def when it says nothing, or the file has no such column.
func (r row) flag(column string, def bool, c *report) (value, said bool) {
	text, _ := r.text(column, c)
	switch {
	case text == "":
		return def, false
	case strings.EqualFold(text, "true"): // spreadsheets write TRUE
		return true, true
	case !strings.EqualFold(text, "false"):
		c.refuse(r.number, column, "", "expected true or false")
	}
	return false, true
}

// paths are departments as people name them, each a path of names.
func (r row) paths(column string, c *report) (paths [][]string, sent bool) {
	list, sent := r.list(column, c)
	if list != nil {
		paths = [][]string{}
	}
	for _, text := range list {
		path, err := split('/', text)
		if err != nil {
			c.refuse(r.number, column, "", err.Error())
		}
		paths = append(paths, path)
	}
	return paths, sent
}
