package access

import (
	"iter"
	"slices"
	"strings"
	"time"
)

// A Holder is a subject who may do what was asked, and through what.
type Holder struct {
	Subject string   // the user's id
	By      []string // as in [Explanation]
}

// WhoCan returns the subjects for whom [Subject.Check] allows, in the order of
// their ids.
func (s *Snapshot) WhoCan(op Operation, o *Object, at time.Time) []Holder {
	var holders []Holder
	for subject := range s.Allowed(op, o, at) {
		holders = append(holders, Holder{subject.ID(), subject.Explain(op, o, at).By})
	}
	slices.SortFunc(holders, func(a, b Holder) int { return strings.Compare(a.Subject, b.Subject) })
	return holders
}

// Allowed yields the subjects for whom [Subject.Check] allows, in no order:
// every user is looked at, and nothing is kept.
func (s *Snapshot) Allowed(op Operation, o *Object, at time.Time) iter.Seq[Subject] {
	return func(yield func(Subject) bool) {
		for u := range s.users.all() {
			subject := Subject{s, u}
			if subject.Check(op, o, at).Allow && !yield(subject) {
				return
			}
		}
	}
}

// An Effective permission is one in force, with all its sources.
type Effective struct {
	Permission  Permission
	By          []string // roles, sorted, or "permissions"
	Departments []string // at scope department: all that it reaches together, sorted
}

// WhatCan returns the subject's permissions in force, in the order of their
// canonical strings, with where each comes from.
func (s Subject) WhatCan(at time.Time) []Effective {
	grants := s.Grants(at)
	slices.SortStableFunc(grants, func(a, b Grant) int { return a.Permission.compare(b.Permission) })
	var list []Effective
	for _, g := range grants {
		if len(list) == 0 || list[len(list)-1].Permission != g.Permission {
			list = append(list, Effective{Permission: g.Permission})
		}
		last := &list[len(list)-1]
		last.By = append(last.By, g.From)
		last.Departments = append(last.Departments, g.Departments...)
	}
	for i := range list {
		list[i].By = slices.Compact(list[i].By)
		slices.Sort(list[i].Departments)
		list[i].Departments = slices.Compact(list[i].Departments)
	}
	return list
}

// Permissions returns the canonical strings of the permissions in force,
// sorted, each once, also where another one subsumes it.
func (s Subject) Permissions(at time.Time) []string {
	names := []string{}
	for _, e := range s.WhatCan(at) {
		names = append(names, e.Permission.String())
	}
	return names
}
