package store

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// wall is the second wall: it reads each statement before it runs. It keeps a mistake from becoming
// a leak; it is not a parser of SQL and does not try to see through a statement that means to
// deceive it, for which the other walls stand. Where it does not understand, it refuses.
type wall struct {
	tenant map[string]bool // tables with a tenant_id
	global map[string]bool // tables of the installation
	passed sync.Map        // passing → true: statements found good
	kept   atomic.Int64    // how many of them
}

// maxPassed bounds their memory. The program has some hundreds; composed ones differ in the lengths of lists and pages.
const maxPassed = 4096

// passing is a statement in the kind of transaction where it is good.
type passing struct {
	span  bool
	query string
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
// `tenant_id = $1` under its own alias, every insert begins with tenant_id and $1, $1 is used for
// nothing else, and no table of the installation is touched.
func (w *wall) tenantStatement(query string) error {
	return w.once(passing{false, query}, func(s statement) string {
		refs := w.references(s)
		for i, ref := range refs {
			switch {
			case w.global[ref.table]:
				return ref.table + " belongs to no tenant"
			case ref.insert && !s.insertsTenant(ref):
				return "the insert into " + ref.table + " must begin with tenant_id and $1"
			case !ref.insert && !s.restricts(ref, alone(refs, ref)):
				return fmt.Sprintf("%s (reference %d) lacks the condition %s.tenant_id = $1", ref.table, i+1, ref.alias)
			}
		}
		return s.misusesTenant()
	})
}

// spanStatement checks a statement of a [Span]: the list of tenants may be read, other tenant
// tables are out of reach.
func (w *wall) spanStatement(query string) error {
	return w.once(passing{true, query}, func(s statement) string {
		for _, ref := range w.references(s) {
			if w.tenant[ref.table] && (ref.table != "tenants" || s.word(0) != "select") {
				return ref.table + " must be entered one tenant at a time"
			}
		}
		return ""
	})
}

func (w *wall) once(p passing, check func(statement) string) error {
	if _, ok := w.passed.Load(p); ok {
		return nil
	}
	s := newStatement(p.query)
	problem := s.foreignForm()
	if problem == "" {
		problem = w.qualified(s)
	}
	if problem == "" {
		problem = check(s)
	}
	if problem != "" {
		return &WallError{Statement: p.query, Problem: problem}
	}
	if w.kept.Add(1) > maxPassed {
		w.passed.Clear()
		w.kept.Store(1)
	}
	w.passed.Store(p, true)
	return nil
}
