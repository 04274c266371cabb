package desk

import (
	"cmp"
	"slices"
	"time"
)

// lane is a queue as people look at it: what needs a skill, in a department. Either may be "", none.
type lane struct{ skill, department string }

// laneSkill is a skill as far as the board looks at it.
type laneSkill struct {
	named
	department string
	active     bool
}

// laneWait counts the queued conversations of a lane.
type laneWait struct {
	lane
	count int64
	since time.Time // of the one that has waited longest
}

// lanes are those into which new conversations come and those in which some wait, in the order of the
// skills and then of the departments' names.
func (f *figures) lanes() []lane {
	var list []lane
	place := map[string]int{"": len(f.skills)}
	for i, k := range f.skills {
		place[k.ID] = i
		if k.active {
			list = append(list, lane{k.ID, cmp.Or(k.department, f.fallback)})
		}
	}
	for _, w := range f.waiting {
		list = append(list, w.lane)
	}
	slices.SortFunc(list, func(a, b lane) int {
		return cmp.Or(
			cmp.Compare(place[a.skill], place[b.skill]),
			cmp.Compare(f.departments[a.department], f.departments[b.department]),
			cmp.Compare(a.department, b.department),
		)
	})
	return slices.Compact(list)
}

// tiles are the lanes that the reader sees.
func (f *figures) tiles(v sight) []tileJSON {
	tiles := []tileJSON{}
	for _, l := range f.lanes() {
		if v.in(l.department) {
			tiles = append(tiles, f.tile(v, l))
		}
	}
	return tiles
}

// tile is a lane with what waits in it and the agents who serve it.
func (f *figures) tile(v sight, l lane) tileJSON {
	tile := tileJSON{
		Skill:      named{l.skill, f.skillName(l.skill)}.orNull(),
		Department: named{l.department, f.departments[l.department]}.orNull(),
	}
	for _, w := range f.waiting {
		if w.lane == l {
			tile.Waiting.add(w)
		}
	}
	reach := v.snapshot.Reach([]string{l.department})
	for i := range f.agents {
		if a := &f.agents[i]; a.serves(l, reach) && v.shows(a.departments...) {
			tile.Agents.add(a)
		}
	}
	return tile
}
