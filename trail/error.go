package trail

import "strconv"

// Error says which field of a record is wrong, and in what way. Encode and Parse return no other type of error.
// Both texts are one line of ASCII and bounded, whatever the record held.
type Error struct {
	Field   string // such as "actor.roles[2]"; empty where the bytes as a whole are at fault
	Problem string
}

func (e *Error) Error() string {
	if e.Field == "" {
		return "trail: record " + e.Problem
	}
	return "trail: " + e.Field + " " + e.Problem
}

// failure keeps the first of several failures, so that checks read as a list.
type failure struct{ first *Error }

func (f *failure) fail(field, problem string) {
	if f.first == nil {
		f.first = &Error{Field: printable(field), Problem: problem}
	}
}

// error returns the failure, and not a nil *Error in an interface where there is none.
func (f *failure) error() error {
	if f.first == nil {
		return nil
	}
	return f.first
}

// printable keeps a hostile name from breaking or filling the line it is reported on.
func printable(s string) string {
	q := strconv.QuoteToASCII(s[:min(len(s), 100)])
	return q[1 : len(q)-1]
}
