package policy

import (
	"maps"
	"slices"

	"github.com/usher-desk/usher/access"
)

// Impact is what a change of access does: to whom, and what they may do by it.
type Impact struct {
	Digest      string // of the rest, and of what becomes of roles and exclusions
	Differences []Difference
}

func newImpact(c change) Impact {
	i := Impact{Differences: c.differences()}
	i.Digest = digestOf(c, i.Differences)
	return i
}

// tally is how many people gain and lose one permission, or reach by it.
type tally struct {
	permission   access.Permission
	gained, lost int
}

// talliesOf are sorted by permission. Those who differ alike are looked at once.
func talliesOf(differences []Difference) []tally {
	people := map[likeness]int{}
	for _, d := range differences {
		people[likenessOf(d)]++
	}
	byPermission := map[access.Permission]*tally{}
	count := func(p access.Permission) *tally {
		if byPermission[p] == nil {
			byPermission[p] = &tally{permission: p}
		}
		return byPermission[p]
	}
	for _, d := range differences {
		alike := likenessOf(d)
		n := people[alike]
		delete(people, alike)
		if n == 0 {
			continue
		}
		for _, p := range beyond(d.Gained, d.ReachGained) {
			count(p).gained += n
		}
		for _, p := range beyond(d.Lost, d.ReachLost) {
			count(p).lost += n
		}
	}
	list := make([]tally, 0, len(byPermission))
	for _, p := range slices.SortedFunc(maps.Keys(byPermission), byName) {
		list = append(list, *byPermission[p])
	}
	return list
}

// beyond are the permissions that somebody gains or loses, and those that only reach further or less far.
func beyond(whole []access.Permission, reaches []access.Reach) []access.Permission {
	all := slices.Clone(whole)
	for _, r := range reaches {
		if !slices.Contains(whole, r.Permission) {
			all = append(all, r.Permission)
		}
	}
	return all
}

// likeness is the same of those who differ alike in one impact: [access.Preview] gives them the same lists.
type likeness struct {
	gained, lost           *access.Permission
	reachGained, reachLost *access.Reach
	secondFactor           demand
}

func likenessOf(d Difference) likeness {
	return likeness{first(d.Gained), first(d.Lost), first(d.ReachGained), first(d.ReachLost), d.SecondFactor}
}

// first is where a list begins; nil for one without members.
func first[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}
