package exchange

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/fault"
)

// Whatever a stranger sends is read, or refused as an invalid file; every row has the column by which it is
// known, and none that the table has not.
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
		if f := (*fault.Error)(nil); err != nil && (!errors.As(err, &f) || f.Code.Kind != fault.Invalid) {
			if !errors.Is(err, errPasswords) {
				t.Fatalf("%q: %v", text, err)
			}
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
		}
	}
}
