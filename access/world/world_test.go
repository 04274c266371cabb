package world_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/access/world"
)

const business = "../testdata/world-business.json"

func load(t *testing.T) (*world.World, *world.Library) {
	t.Helper()
	w, err := world.Load(business)
	if err != nil {
		t.Fatal(err)
	}
	library, err := world.NewLibrary(w)
	if err != nil {
		t.Fatal(err)
	}
	return w, library
}

// wrong answers like the library but for one kind of question each.
type wrong struct {
	*world.Library
	kind string
}

func (a wrong) Check(ctx context.Context, tenant, subject, action string, o access.Object) (access.Explanation, error) {
	e, err := a.Library.Check(ctx, tenant, subject, action, o)
	switch {
	case a.kind == "allow":
		e.Allow = !e.Allow
	case a.kind == "by" && e.Allow:
		e.By = append(e.By, "nobody")
	case a.kind == "reason" && !e.Allow:
		e.Reason = "because"
	}
	return e, err
}

func (a wrong) Holds(ctx context.Context, tenant, subject, resource, action string, scope access.Scope) (bool, error) {
	held, err := a.Library.Holds(ctx, tenant, subject, resource, action, scope)
	return held != (a.kind == "holds"), err
}

func (a wrong) Filter(ctx context.Context, tenant, subject, resource, action string) ([]string, error) {
	ids, err := a.Library.Filter(ctx, tenant, subject, resource, action)
	if a.kind == "filter" {
		ids = append(ids, "c-none")
	}
	return ids, err
}

func (a wrong) WhoCan(ctx context.Context, tenant, action string, o access.Object) ([]string, error) {
	if a.kind == "who can" {
		return nil, os.ErrNotExist
	}
	return a.Library.WhoCan(ctx, tenant, action, o)
}

func (a wrong) Preview(ctx context.Context, tenant, role string, change world.Change) ([]world.Difference, error) {
	differences, err := a.Library.Preview(ctx, tenant, role, change)
	if a.kind == "preview" {
		differences = append(differences, world.Difference{Subject: "nobody"})
	}
	return differences, err
}

// Every wrong answer is counted and told, and no right one is.
func TestRunCountsWrongAnswers(t *testing.T) {
	w, library := load(t)
	allowed := 0
	for _, q := range w.Checks {
		if q.Allow {
			allowed++
		}
	}
	all := len(w.Checks) + len(w.Holds) + len(w.Filters) + len(w.WhoCan) + len(w.Previews)
	for kind, want := range map[string]int{
		"none": 0, "allow": len(w.Checks), "by": allowed, "reason": len(w.Checks) - allowed,
		"holds": len(w.Holds), "filter": len(w.Filters), "who can": len(w.WhoCan), "preview": len(w.Previews),
	} {
		r := world.Run(t.Context(), w, wrong{library, kind})
		if r.Failed != want || r.Passed != all-want || len(r.Failures) != want {
			t.Errorf("%s: %d failed, %d passed, %d told; want %d of %d", kind, r.Failed, r.Passed, len(r.Failures), want, all)
		}
	}
}

func TestFailuresAreReadable(t *testing.T) {
	w, library := load(t)
	w.Checks = w.Checks[:1]
	r := world.Run(t.Context(), w, wrong{library, "by"})
	want := `check: acme/ann view acme/r1: want allow by ["employee"], got allow by ["employee" "nobody"]`
	if got := r.Failures[0].String(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// A file that does not say what it seems to say is refused rather than passed.
func TestParseIsStrict(t *testing.T) {
	data, err := os.ReadFile(business)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(w map[string]any){
		"unknown field":      func(w map[string]any) { w["check"] = []any{} },
		"no instant":         func(w map[string]any) { delete(w, "now") },
		"no catalogue":       func(w map[string]any) { delete(w, "catalogue") },
		"unknown object":     func(w map[string]any) { first(w, "checks")["object"] = "nothing" },
		"object of another":  func(w map[string]any) { first(w, "who_can")["tenant"] = "nobody" },
		"unknown scope":      func(w map[string]any) { first(w, "holds")["scope"] = "most" },
		"unknown permission": func(w map[string]any) { first(first(w, "tenants"), "roles")["permissions"] = []any{"resume:read"} },
		"unknown change": func(w map[string]any) {
			first(w, "previews")["change"] = map[string]any{"permissions": []any{"resume:read"}}
		},
		"unknown status":    func(w map[string]any) { first(w, "tenants")["status"] = "asleep" },
		"field of a tenant": func(w map[string]any) { first(w, "tenants")["colour"] = "red" },
		"broken expiry":     func(w map[string]any) { first(first(first(w, "tenants"), "users"), "roles")["expires_at"] = "soon" },
	} {
		var w map[string]any
		if err := json.Unmarshal(data, &w); err != nil {
			t.Fatal(err)
		}
		spoil(w)
		spoilt, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := world.Parse(spoilt); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := world.Parse(append(data, '{', '}')); err == nil {
		t.Error("two values: accepted")
	}
	if _, err := world.Load("nowhere.json"); err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("%v", err)
	}
}

func first(parent map[string]any, list string) map[string]any {
	return parent[list].([]any)[0].(map[string]any)
}

// A name that is no longer there is a wrong answer, not a silent deny.
func TestLibraryReportsUnknownNames(t *testing.T) {
	w, library := load(t)
	ctx := t.Context()
	if _, err := library.Check(ctx, "acme", "nobody", "view", w.Tenants[0].Objects[0]); err == nil {
		t.Error("check of nobody")
	}
	if _, err := library.Filter(ctx, "acme", "ann", "resume", "burn"); err == nil {
		t.Error("filter of an unknown action")
	}
	if _, err := library.WhoCan(ctx, "nowhere", "view", w.Tenants[0].Objects[0]); err == nil {
		t.Error("who can of an unknown tenant")
	}
	if _, err := library.Preview(ctx, "acme", "nobody", world.Change{}); err == nil {
		t.Error("preview of an unknown role")
	}
}

// A file that is something else is told so without the names of Go's types.
func TestWhatIsNoWorldIsToldInWords(t *testing.T) {
	for text, want := range map[string]string{
		`[{"input": "*"}]`: `not a world: "array" at byte 1 is not what stands there in a world`,
		`{"name": "w",}`:   "not a world: not valid JSON at byte 14",
		`{"name": "w"}`:    `world "w": catalogue is missing`,
	} {
		if _, err := world.Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
