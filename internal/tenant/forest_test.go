package tenant

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A forest answers like a walk that goes by definition: down from each department, by its children.
func TestForestAgreesWithAWalkDownwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ids := forest{}, []string{""}
		for i := range rapid.IntRange(1, 12).Draw(t, "departments") {
			id := fmt.Sprint("d", i)
			f[id] = rapid.SampledFrom(ids).Draw(t, "parent of "+id)
			ids = append(ids, id)
		}
		for _, top := range ids[1:] {
			levels := f.walk(top)
			height := 0
			for _, id := range ids[1:] {
				level, below := levels[id]
				if f.within(id, top) != below {
					t.Fatalf("%v: is %s within %s? %v by the walk", f, id, top, below)
				}
				height = max(height, level)
			}
			if got := f.height(top); got != height {
				t.Fatalf("%v: %s has height %d, %d by the walk", f, top, got, height)
			}
		}
	})
}

// walk returns the departments from top on downwards, with their level; that of top is 1.
func (f forest) walk(top string) map[string]int {
	levels := map[string]int{top: 1}
	for grew := true; grew; {
		grew = false
		for id, parent := range f {
			if level, known := levels[parent]; known && levels[id] == 0 {
				levels[id], grew = level+1, true
			}
		}
	}
	return levels
}
