package exchange

import (
	"fmt"
	"io"

	"github.com/usher-desk/usher/internal/fault"
)

// Codes of files.
var (
	errPasswords = fault.Define(fault.Invalid, "passwords_not_imported",
		"Passwords are not imported.", "不支持导入密码。",
		"Take the column out of the file. New users may come with a bcrypt hash in the column password_hash; others choose their password with a link that POST /v1/users/{id}/password-link makes.")
	errBadRows = fault.Define(fault.Invalid, "bad_rows",
		"Rows of the file cannot be imported; nothing was changed.", "文件中有无法导入的行，未做任何更改。",
		"`errors` lists the rows and columns, a thousand at most; `detail` says how many there are. Correct them all, or ask with dry_run first.")
)

// contents is a file as it was read: its rows, by the columns that they have here.
type contents struct {
	rows   []row
	unused []string // columns that mean nothing here
}

// csvType and jsonType are the forms of files.
const (
	csvType  = "text/csv"
	jsonType = "application/json"
)

// read takes a file in.
func read(kind string, t table, m mapping, file io.Reader) (contents, error) {
	if kind == jsonType {
		return readJSON(t, m, file)
	}
	return readCSV(t, m, file)
}

func errTooManyRows() error { return fault.ErrInvalid.At("body", "holds more than %d rows", maxRows) }

func wrongRow(number int, message string) error {
	return fault.ErrInvalid.At(fmt.Sprintf("rows[%d]", number), "%s", message)
}
