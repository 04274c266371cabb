package exchange

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
)

// maxErrors is how many bad places a report names; it counts them all.
const maxErrors = 1000

// report is what became, or would become, of a file.
type report struct {
	table                             table
	rows, created, changed, unchanged int
	passwords                         int // of those created, how many come with one

	bad    []badCell
	badAll int

	notes []*api.Notes   // of each thing that was made or changed, in the order of the rows
	rowOf map[string]int // of each user whom a row makes or changes, by id
	tell  func(line any) // who waits; nil for nobody
}

// badCell is one thing wrong with a file.
type badCell struct {
	Row     int    `json:"row" doc:"As people count: in CSV the first row has the names of the columns, in JSON it is data"`
	Column  string `json:"column" doc:"Empty where it is about the whole row"`
	Code    string `json:"code" doc:"One of those that the operations on single things answer with; empty for what is only written wrongly"`
	Message string `json:"message"`
}

// reach is a line of progress.
type reach struct {
	Phase string `json:"phase"` // rows, while they are written; check, while the guard rails judge all of it
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

// tellEvery is how many rows are between two lines of progress.
const tellEvery = 250

// reached tells who waits how far it is. It begins again when the database asks for a repetition.
func (r *report) reached(phase string, done, total int) {
	if r.tell != nil {
		r.tell(reach{phase, done, total})
	}
}

func (r *report) refuse(row int, column, code, message string) {
	if r.badAll++; len(r.bad) < maxErrors {
		r.bad = append(r.bad, badCell{row, column, code, message})
	}
}

// refused takes the refusal of one row in, and gives back what is no refusal of a row: a failure, or a demand
// on the caller.
func (r *report) refused(row int, err error) error {
	f := fault.From(err)
	switch f.Code.Kind {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict:
	default:
		return err
	}
	for _, p := range f.Places {
		r.refuse(row, columnOf(p.Location), "", p.Message)
	}
	if len(f.Places) == 0 {
		r.refuse(row, "", f.Code.Name, strings.TrimSpace(f.Code.EN+" "+f.Detail))
	}
	return nil
}

// columnOf is the column that a place in a body speaks of: body.roles[0] is about roles, as
// body[0].role is about role.
func columnOf(place string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(place, "body[0]"), "body")
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "."), "[")
	return name
}

// rails takes in what the guard rails say of users. It gives back the first refusal of somebody whom no row is
// about: a role or department of the file changes what they hold.
func (r *report) rails(refused iter.Seq[policy.Refused]) error {
	for one := range refused {
		row, known := r.rowOf[one.User]
		if !known {
			return one.Cause
		}
		if err := r.refused(row, one.Cause); err != nil {
			return err
		}
	}
	return nil
}

// sort puts what is wrong in the order of the rows, and within one of the columns, after what is wrong with
// the row as a whole.
func (r *report) sort() {
	columns := slices.Concat([]string{""}, r.table.columns, r.table.brings)
	slices.SortStableFunc(r.bad, func(a, b badCell) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(slices.Index(columns, a.Column), slices.Index(columns, b.Column)))
	})
}

// fault is the refusal of the file.
func (r *report) fault() error {
	f := errBadRows.With("%d errors in %d rows", r.badAll, r.rows)
	for _, b := range r.bad {
		place := fmt.Sprintf("rows[%d]", b.Row)
		if b.Column != "" {
			place += "." + b.Column
		}
		f.Places = append(f.Places, fault.Place{Location: place, Message: b.Message})
	}
	return f
}

func (r *report) made(notes *api.Notes) {
	r.created++
	r.notes = append(r.notes, notes)
}

func (r *report) rewrote(notes *api.Notes) {
	r.changed++
	r.notes = append(r.notes, notes)
}
