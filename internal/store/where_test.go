package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// chosen returns the names of t1's departments that the conditions choose.
func chosen(t *testing.T, db *store.DB, choose func(w *store.Where)) []string {
	t.Helper()
	var found []string
	err := db.Read(t.Context(), "t1", func(tx *store.Tx) (err error) {
		w := tx.Where("d")
		choose(w)
		found, err = store.Collect(t.Context(), tx, store.Text,
			`SELECT d.name FROM departments d`+w.String()+` ORDER BY d.name`, w.Args()...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func withDepartments(t *testing.T, db *store.DB, more ...string) {
	t.Helper()
	newTenant(t, db, "t1")
	err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
		for _, name := range more {
			if err := addDepartment(t.Context(), tx, name, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhereChoosesRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withDepartments(t, db, "a", "b", "c")
		for name, test := range map[string]struct {
			choose func(w *store.Where)
			want   []string
		}{
			"everything": {func(w *store.Where) {}, []string{"a", "b", "c", "t1"}},
			"one":        {func(w *store.Where) { w.And("d.id = ?", "a") }, []string{"a"}},
			"two conditions, numbered on": {func(w *store.Where) {
				w.And("d.id > ?", "a")
				w.And("d.id < ? AND d.name <> ?", "d", "b")
			}, []string{"c"}},
			"an OR keeps to itself": {func(w *store.Where) {
				w.And("d.id = ? OR d.id = ?", "a", "b")
				w.And("d.id = ?", "b")
			}, []string{"b"}},
			"any of": {func(w *store.Where) {
				w.AnyOf([]store.Condition{{Text: "d.id = ?", Args: []any{"a"}}, {Text: "d.id = ?", Args: []any{"c"}}})
			}, []string{"a", "c"}},
			"any of nothing": {func(w *store.Where) { w.AnyOf(nil) }, nil},
			"a set":          {func(w *store.Where) { w.And("d.id IN ?", store.Set{"a", "c", "z"}) }, []string{"a", "c"}},
			"an empty set":   {func(w *store.Where) { w.And("d.id IN ?", store.Set{}) }, nil},
			"no set":         {func(w *store.Where) { w.And("d.id IN ?", store.Set(nil)) }, nil},
			"keyset":         {func(w *store.Where) { w.And("(d.name_key, d.id) > (?, ?)", "b", "b") }, []string{"c", "t1"}},
		} {
			if diff := cmp.Diff(test.want, chosen(t, db, test.choose)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

func TestArgumentsAfterTheConditions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withDepartments(t, db, "a", "b", "c")
		err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
			w := tx.Where("d")
			w.And("d.id IN ?", store.Set{"a", "b", "c"})
			found, err := store.Collect(t.Context(), tx, store.Text,
				`SELECT d.name FROM departments d`+w.String()+` ORDER BY d.name LIMIT `+w.Param(1)+` OFFSET `+w.Param(2), w.Args(1, 1)...)
			if diff := cmp.Diff([]string{"b"}, found); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestFirstRowsOfAStatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		all := []string{"a", "b", "c", "t1"}
		withDepartments(t, db, all[:3]...)
		for n := range len(all) + 2 {
			err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
				w := tx.Where("d")
				w.And("d.name <> ?", "x")
				found, err := store.Collect(t.Context(), tx, store.Text,
					`SELECT d.name FROM departments d`+w.String()+` ORDER BY d.name LIMIT `+w.First(n), w.Args()...)
				if diff := cmp.Diff(all[:min(n, len(all))], append([]string{}, found...)); diff != "" {
					t.Errorf("first %d: %s", n, diff)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestConditionWithWrongNumberOfArguments(t *testing.T) {
	db := storetest.SQLite(t)
	for text, args := range map[string][]any{"d.id = ?": nil, "d.id = ? OR d.id = ?": {"a"}, "d.id = ''": {"a"}} {
		err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
			defer func() {
				if recover() == nil {
					t.Errorf("%s with %d arguments", text, len(args))
				}
			}()
			tx.Where("d").And(text, args...)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// What is searched for is text: %, _ and \ in it have no meaning, on neither database.
func TestContainingIsLiteral(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		names := []string{"a", "ab", "a%b", "a_b", `a\b`, "张三", "%", `\`, "axb", "it's"}
		withDepartments(t, db, names...)
		names = append(names, "t1")
		slices.Sort(names)
		text := rapid.StringOfN(rapid.RuneFrom([]rune(`ab%_\张'x`)), 0, 3, -1)
		rapid.Check(t, func(rt *rapid.T) {
			part := text.Draw(rt, "part")
			got := chosen(t, db, func(w *store.Where) { w.And(`d.name LIKE ? ESCAPE '\'`, store.Containing(part)) })
			var want []string
			for _, name := range names {
				if strings.Contains(name, part) {
					want = append(want, name)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("%q: %s", part, diff)
			}
		})
	})
}

// Whatever stands in a set, its members are found and nothing else.
func TestSetMayHoldAnything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		names := []string{`"`, `'`, `\`, `["a"]`, "张三", "😀", "a,b", "null", "\u2028", "t1"}
		withDepartments(t, db, names[:len(names)-1]...)
		slices.Sort(names)
		rapid.Check(t, func(rt *rapid.T) {
			members := rapid.SliceOf(rapid.SampledFrom(append(names, "absent"))).Draw(rt, "members")
			got := chosen(t, db, func(w *store.Where) { w.And("d.name IN ?", store.Set(members)) })
			var want []string
			for _, name := range names {
				if slices.Contains(members, name) {
					want = append(want, name)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatal(diff)
			}
		})
	})
}
