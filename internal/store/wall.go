package store

import (
	"fmt"
	"strings"
	"sync"
)

// wall is the second wall: it reads each statement before it runs. It keeps a mistake from becoming
// a leak; it is not a parser of SQL and does not try to see through a statement that means to
// deceive it (`… OR true`), for which the other walls stand.
type wall struct {
	tenant map[string]bool // tables with a tenant_id
	global map[string]bool // tables of the installation
	passed sync.Map        // statements found good; composed ones come in few variants
}

func newWall(tenant, global []string) *wall {
	w := &wall{tenant: map[string]bool{}, global: map[string]bool{}}
	for _, t := range tenant {
		w.tenant[t] = true
	}
	for _, t := range global {
		w.global[t] = true
	}
	return w
}

// WallError is a statement that was refused before it ran. It is a defect of the program.
type WallError struct {
	Statement string
	Problem   string
}

func (e *WallError) Error() string {
	return fmt.Sprintf("store: statement refused, %s: %s", e.Problem, strings.Join(strings.Fields(e.Statement), " "))
}

// tenantStatement checks a statement of a [Tx]: every tenant table in it carries the condition
// `tenant_id = $1` under its own alias, every insert begins with tenant_id and $1, and no table of
// the installation is touched.
func (w *wall) tenantStatement(query string) error {
	return w.once("t"+query, query, func(words []string) string {
		refs := w.references(words)
		for i, ref := range refs {
			switch {
			case w.global[ref.table]:
				return ref.table + " belongs to no tenant"
			case ref.insert && !insertsTenant(words[ref.at+1:]):
				return "the insert into " + ref.table + " must begin with tenant_id and $1"
			case !ref.insert && !hasCondition(words, ref, len(refs) == 1):
				return fmt.Sprintf("%s (reference %d) lacks the condition %s.tenant_id = $1", ref.table, i+1, ref.alias)
			}
		}
		return ""
	})
}

// spanStatement checks a statement of a [Span]: the list of tenants may be read, other tenant
// tables are out of reach.
func (w *wall) spanStatement(query string) error {
	return w.once("s"+query, query, func(words []string) string {
		for _, ref := range w.references(words) {
			if w.tenant[ref.table] && (ref.table != "tenants" || words[0] != "select") {
				return ref.table + " must be entered one tenant at a time"
			}
		}
		return ""
	})
}

func (w *wall) once(key, query string, check func(words []string) string) error {
	if _, ok := w.passed.Load(key); ok {
		return nil
	}
	if problem := check(sqlWords(query)); problem != "" {
		return &WallError{Statement: query, Problem: problem}
	}
	w.passed.Store(key, true)
	return nil
}

// reference is one mention of a table.
type reference struct {
	table, alias string
	at           int // index of the table's name among the words
	insert       bool
}

func (w *wall) references(words []string) []reference {
	var refs []reference
	for i, word := range words {
		if !w.tenant[word] && !w.global[word] {
			continue
		}
		before, after := neighbour(words, i-1), neighbour(words, i+1)
		if before == "." || after == "." {
			continue // a column
		}
		if after == "as" {
			after = neighbour(words, i+2)
		}
		ref := reference{table: word, alias: word, at: i, insert: before == "into"}
		if isName(after) && !clauseWords[after] {
			ref.alias = after
		}
		refs = append(refs, ref)
	}
	return refs
}

func neighbour(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return ""
	}
	return words[i]
}

// clauseWords are what may follow a table that has no alias.
var clauseWords = map[string]bool{
	"where": true, "set": true, "join": true, "left": true, "inner": true, "cross": true, "on": true, "order": true,
	"group": true, "limit": true, "returning": true, "values": true, "select": true, "union": true, "using": true, "for": true,
}

// hasCondition looks for alias.tenant_id = $1; a bare tenant_id = $1 does where one table stands alone.
func hasCondition(words []string, ref reference, alone bool) bool {
	for i := range words {
		if matches(words, i, ref.alias, ".", "tenant_id", "=", "$1") {
			return true
		}
		if alone && words[i] == "tenant_id" && neighbour(words, i-1) != "." && matches(words, i, "tenant_id", "=", "$1") {
			return true
		}
	}
	return false
}

// insertsTenant looks at what follows the table: (tenant_id, …) and $1 first in every row given.
func insertsTenant(words []string) bool {
	if !matches(words, 0, "(", "tenant_id") {
		return false
	}
	for i, word := range words {
		if word == "select" {
			return neighbour(words, i+1) == "$1"
		}
		if word == "values" {
			return rowsBeginWithTenant(words[i+1:])
		}
	}
	return false
}

func rowsBeginWithTenant(words []string) bool {
	depth, rows := 0, 0
	for i, word := range words {
		switch word {
		case "(":
			if depth == 0 {
				if neighbour(words, i+1) != "$1" {
					return false
				}
				rows++
			}
			depth++
		case ")":
			depth--
		case "on", "returning":
			if depth == 0 {
				return rows > 0
			}
		}
	}
	return rows > 0
}

func matches(words []string, at int, want ...string) bool {
	for i, w := range want {
		if neighbour(words, at+i) != w {
			return false
		}
	}
	return true
}

func isName(word string) bool {
	return word != "" && (word[0] == '_' || word[0] >= 'a' && word[0] <= 'z')
}

// sqlWords cuts a statement into lower-case names, parameters and single signs. Strings and
// comments are left out: nothing in them is a table.
func sqlWords(query string) []string {
	var words []string
	for i := 0; i < len(query); {
		switch c := query[i]; {
		case c == '\'':
			i += quoted(query[i:])
		case strings.HasPrefix(query[i:], "--"):
			i += lineLength(query[i:])
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		default:
			n := wordLength(query[i:])
			words = append(words, strings.ToLower(query[i:i+n]))
			i += n
		}
	}
	return words
}

func quoted(s string) int {
	if end := strings.IndexByte(s[1:], '\''); end >= 0 {
		return end + 2 // a doubled quote begins the next string, which is left out as well
	}
	return len(s)
}

func lineLength(s string) int {
	if end := strings.IndexByte(s, '\n'); end >= 0 {
		return end + 1
	}
	return len(s)
}

func wordLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] == '$' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	return max(n, 1)
}
