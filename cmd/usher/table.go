package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// table is a list for people, with a heading.
type table struct{ *tabwriter.Writer }

func newTable(to io.Writer, heading ...string) table {
	t := table{tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)}
	t.row(heading...)
	return t
}

func (t table) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = orDash(plain(cell))
	}
	fmt.Fprintln(t, strings.Join(cells, "\t"))
}

// plain leaves out what a terminal would obey rather than show: browsers say of themselves what they like.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, text)
}

// facts is what is known of one thing, for people: a name and a value on each line.
func facts(to io.Writer, pairs ...string) error {
	t := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(t, "%s\t%s\n", pairs[i], orDash(plain(pairs[i+1])))
	}
	return t.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func moment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// decoded reads an item of an answer.
func decoded[T any](item json.RawMessage) (v T, err error) {
	return v, json.Unmarshal(item, &v)
}
