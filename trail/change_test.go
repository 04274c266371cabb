package trail_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/trail"
)

func TestChangeKeepsFieldsInOrderAndTheLastWord(t *testing.T) {
	var c trail.Change
	c.Names("status", "name")
	c.Values("status", []string{"active"}, []string{"suspended"})
	c.Names("email")

	var names []string
	for f := range c.All() {
		names = append(names, f.Field)
		if f.Field == "status" && !slices.Equal(f.New, []string{"suspended"}) {
			t.Errorf("status became %q", f.New)
		}
	}
	if want := []string{"email", "name", "status"}; !slices.Equal(names, want) {
		t.Errorf("fields %q, want %q", names, want)
	}
}

func TestChangeLeavesItsArgumentsAlone(t *testing.T) {
	roles := []string{"lead", "agent"}
	var c trail.Change
	c.Values("roles", nil, roles)
	if roles[0] != "lead" {
		t.Error("the caller's slice was sorted")
	}
	before := c
	c.Names("a")
	c.Names("roles")
	for f := range before.All() {
		if f.Field != "roles" || len(f.New) != 2 {
			t.Errorf("a copy made earlier now says %+v", f)
		}
	}
}
