package exchange

import (
	"encoding/csv"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

// Whatever a stranger sends is read, or refused as an invalid file with the places of what is wrong; every row has
// the column by which it is known, and none that the table has not. What was read is read again as it is written.
func FuzzReadCSV(f *testing.F) {
	f.Add("username,name\r\nzhou,\"Zhou, Wei\"\r\n")
	f.Add("\ufeffusername;name\n")
	f.Add("username,username\na,b")
	f.Add("username\n\"")
	f.Add("user_id,password_hash\n1,$2a$10$")
	f.Fuzz(func(t *testing.T, text string) { checkRead(t, csvType, text) })
}

func FuzzReadJSON(f *testing.F) {
	f.Add(`[{"username":"zhou","roles":["agent"],"active":true}]`)
	f.Add(`[{"user_id":17,"otp_secret":"JBSW"}]`)
	f.Add(`[null]`)
	f.Add(`{"username":"a"}`)
	f.Add(`[{"username":{}}]`)
	f.Fuzz(func(t *testing.T, text string) { checkRead(t, jsonType, text) })
}

func checkRead(t *testing.T, kind, text string) {
	t.Helper()
	for _, m := range []mapping{users.own(), mappings["agents"], mappings["single_role"]} {
		got, err := read(kind, users, m, strings.NewReader(text))
		if f := fault.From(err); err != nil && !errors.Is(err, errPasswords) && (f.Code.Kind != fault.Invalid || len(f.Places) == 0) {
			t.Fatalf("%q: %v", text, err)
		}
		for _, r := range got.rows {
			if _, known := r.cells["username"]; !known {
				t.Fatalf("%q: row %d is nobody's", text, r.number)
			}
			for column := range r.cells {
				if !slices.Contains(slices.Concat(users.columns, users.brings), column) {
					t.Fatalf("%q: row %d has a column %q", text, r.number, column)
				}
			}
			c := &report{}
			r.list("roles", c)
			r.paths("departments", c)
			r.flag("active", true, c)
			checkWritten(t, r)
		}
	}
}

// checkWritten writes a row as a spreadsheet and reads that.
func checkWritten(t *testing.T, r row) {
	t.Helper()
	columns := slices.Sorted(maps.Keys(r.cells))
	var cells []string
	for _, column := range columns {
		c := r.cells[column]
		if c.isList {
			c.text = listCell(c.list)
		}
		// A spreadsheet has one way to end a line, and cannot have what no cell may hold.
		cells = append(cells, api.Harmless(strings.NewReplacer("\r\n", "\n", "\x00", "").Replace(c.text)))
	}
	var file strings.Builder
	w := csv.NewWriter(&file)
	if err := w.WriteAll([][]string{columns, cells}); err != nil {
		t.Fatal(err)
	}
	again, err := read(csvType, users, users.own(), strings.NewReader(file.String()))
	if err != nil || len(again.rows) != 1 {
		t.Fatalf("%q of %+v: %d rows, %v", file.String(), r, len(again.rows), err)
	}
	for i, column := range columns {
		if got := again.rows[0].cells[column].text; got != api.Unharmed(cells[i]) {
			t.Fatalf("%s is %q, and was %q", column, got, cells[i])
		}
	}
}
