package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Where collects the conditions of one statement of a [Tx] and their arguments. Conditions are
// written with ? for arguments; the parameters are numbered here, from $2, as $1 is the tenant.
type Where struct {
	dialect    Dialect
	conditions []string
	args       []any
}

// Set is an argument that stands for a list: `d.id IN ?`.
type Set []string

// Where begins the conditions of a statement with the tenant's, for the table with this alias.
func (tx *Tx) Where(alias string) *Where {
	return &Where{dialect: tx.dialect, conditions: []string{alias + ".tenant_id = $1"}}
}

// And adds a condition. It is set in parentheses: an OR in it leaves the others standing.
func (w *Where) And(condition string, args ...any) {
	w.conditions = append(w.conditions, "("+w.number(condition, args)+")")
}

// AnyOf adds a condition that holds when one of the alternatives does; with none it never holds.
func (w *Where) AnyOf(alternatives []Condition) {
	if len(alternatives) == 0 { // only then: beside others it would keep SQLite from their indexes
		alternatives = []Condition{{Text: "1 = 0"}}
	}
	var texts []string
	for _, a := range alternatives {
		texts = append(texts, w.number(a.Text, a.Args))
	}
	w.conditions = append(w.conditions, "("+strings.Join(texts, " OR ")+")")
}

// Condition is a piece of SQL with its arguments.
type Condition struct {
	Text string
	Args []any
}

// String is the WHERE clause.
func (w *Where) String() string {
	return " WHERE " + strings.Join(w.conditions, "\n  AND ")
}

// Args are the clause's arguments, from $2 on, followed by more.
func (w *Where) Args(more ...any) []any {
	return append(w.args[:len(w.args):len(w.args)], more...)
}

// Param is the name of the n-th argument after those of the conditions, counted from 1.
func (w *Where) Param(n int) string {
	return fmt.Sprintf("$%d", len(w.args)+1+n)
}

// First stands after LIMIT, at the end of a statement that returns so many rows. On SQLite it is the number itself: a limit
// that is a parameter is looked at when a statement is compiled, and so that is done anew whenever one is bound
// (sqlite3ExprIsInteger), which takes longer than to read a small page.
func (w *Where) First(n int) string {
	if w.dialect == SQLite {
		return strconv.Itoa(n)
	}
	return w.place(n)
}

// Among stands for a table after FROM: those of its rows whose column is one of the set. They are looked up one by
// one before anything else is asked. Left to itself, SQLite would rather go through all rows where an index has them
// in the order of the statement; the limit is what keeps it from that.
func (w *Where) Among(table, alias, column string, set Set) string {
	return fmt.Sprintf("(SELECT %[2]s.* FROM %[1]s %[2]s WHERE %[2]s.tenant_id = $1 AND %[2]s.%[3]s IN %[4]s LIMIT %[5]d) %[2]s",
		table, alias, column, w.place(set), len(set))
}

func (w *Where) number(condition string, args []any) string {
	var b strings.Builder
	for _, arg := range args {
		before, after, found := strings.Cut(condition, "?")
		if !found {
			panic("store: more arguments than ? in " + condition)
		}
		b.WriteString(before)
		b.WriteString(w.place(arg))
		condition = after
	}
	if strings.Contains(condition, "?") {
		panic("store: fewer arguments than ?, at " + condition)
	}
	b.WriteString(condition)
	return b.String()
}

// place takes one argument in. A set travels as one JSON array, so that the statement's text does
// not change with its length and no limit on parameters is met; the two databases unfold it by
// different functions.
func (w *Where) place(arg any) string {
	set, isSet := arg.(Set)
	if isSet {
		list, err := json.Marshal(append(Set{}, set...))
		if err != nil {
			panic(err) // a list of strings always marshals
		}
		arg = string(list)
	}
	w.args = append(w.args, arg)
	param := w.Param(0)
	switch {
	case !isSet:
		return param
	case w.dialect == PostgreSQL:
		return "(SELECT json_array_elements_text(CAST(" + param + " AS json)))"
	}
	return "(SELECT value FROM json_each(" + param + "))"
}

// Containing is the LIKE pattern for text that contains s; write `LIKE ? ESCAPE '\'`.
func Containing(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}
