package policy

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
)

func drawExclusions(t *rapid.T) (list []Exclusion) {
	for i := range rapid.IntRange(1, 2).Draw(t, "exclusions") {
		roles := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"r0", "r1", "r2", "r3"}), 2, 4, rapid.ID[string]).Draw(t, "excluded")
		list = append(list, Exclusion{Name: fmt.Sprint("x", i), Roles: roles, AtMost: rapid.IntRange(1, len(roles)-1).Draw(t, "at most")})
	}
	return list
}

// breaks says from plain data whether somebody's assignments, which differ from before, are too many of
// an exclusion.
func (w world) breaks(before world, x Exclusion) bool {
	for _, u := range w.Users {
		if old := before.user(u.ID); old != nil && reflect.DeepEqual(old.Assignments, u.Assignments) {
			continue
		}
		n := 0
		for _, role := range x.Roles {
			for _, a := range u.Assignments {
				if a.Role == role && (a.ExpiresAt.IsZero() || a.ExpiresAt.Sub(now) > 0) {
					n++
					break
				}
			}
		}
		if n > x.AtMost {
			return true
		}
	}
	return false
}

// Where whoever changes something may do everything else, they are refused exactly when somebody whose assignments they
// touch would have too many of the roles: for no other change, and for nobody who has had too many all along.
func TestJudgeKeepsExclusionsAndNoMore(t *testing.T) {
	refused, passed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		before, exclusions := drawWorld(t), drawExclusions(t)
		before.Users[0] = access.User{ID: "u0", Active: true, PermissionList: []access.Permission{access.MustParse("*")}}
		b := before.compile(t)
		actor, _ := b.Subject("u0")
		for range changesPerWorld {
			after := drawChange(t, before)
			if !sameRecord(before.user("u0"), after.user("u0")) {
				continue
			}
			want := false
			for _, x := range exclusions {
				want = want || after.breaks(before, x)
			}
			c := newChange(b, after.compile(t), actor, now, []string{"u0"})
			c.exclusions = exclusions
			if err := judge(c); errors.Is(err, ErrExcludedRoles) != want || err != nil && !want {
				t.Fatalf("breaks an exclusion: %t, and is answered %v", want, err)
			}
			if want {
				refused++
			} else {
				passed++
			}
		}
	})
	if refused == 0 || passed == 0 {
		t.Errorf("%d changes were refused and %d passed", refused, passed)
	}
}
