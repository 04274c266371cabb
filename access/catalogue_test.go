package access_test

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
)

// sameJSON compares a value's JSON form with a file of testdata.
func sameJSON(t *testing.T, name string, value any) {
	t.Helper()
	written, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatal(err)
	}
	read(t, name, &want)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s differs from what is built in", name)
	}
}

func TestCataloguesAreTheDeclaredOnes(t *testing.T) {
	sameJSON(t, "catalogue.json", access.BuiltIn())
	sameJSON(t, "catalogue-platform.json", access.Platform())
	first, _, _ := strings.Cut(strings.TrimLeft(string(must(json.Marshal(access.BuiltIn()))), `{"`), `"`)
	if first != "conversation" {
		t.Errorf("the first resource is %s: the order of declaration is lost", first)
	}
}

func TestPresetsAreTheDeclaredOnes(t *testing.T) {
	all := map[string][]access.PresetRole{}
	for _, name := range access.Presets() {
		roles, found := access.Preset(name)
		if !found {
			t.Errorf("preset %s is listed and not found", name)
		}
		all[name] = roles
	}
	sameJSON(t, "presets.json", all)
	if _, found := access.Preset("it"); found {
		t.Error("found a preset that does not exist")
	}
}

// Everything that a preset grants must be writable through the same door that
// an administrator's roles come through.
func TestPresetsAreCanonical(t *testing.T) {
	for _, name := range access.Presets() {
		catalogue := access.BuiltIn()
		if name == "platform" {
			catalogue = access.Platform()
		}
		roles, _ := access.Preset(name)
		for _, r := range roles {
			for _, p := range r.Permissions {
				if q, err := catalogue.Canonical(p.String()); err != nil || q != p {
					t.Errorf("%s/%s: %v: %v", name, r.Name, p, err)
				}
			}
		}
	}
}

func TestCanonical(t *testing.T) {
	for input, want := range map[string]string{
		"report:view":       "report:read:all",
		"report:view:own":   "report:read:own",
		"resume:all":        "resume:*:all",
		"*":                 "*:*:all",
		"audit_log:*:own":   "audit_log:*:own",
		"conversation:take": "conversation:take:all",
	} {
		if got, err := access.BuiltIn().Canonical(input); err != nil || got.String() != want {
			t.Errorf("%s: %v, %v; want %s", input, got, err, want)
		}
	}
}

func TestCanonicalRefusesUnknownNames(t *testing.T) {
	for _, test := range []struct{ input, kind, name, nearest string }{
		{"conversations:read:own", "resource", "conversations", "conversation"},
		{"conversation:asign:own", "action", "asign", "assign"},
		{"conversation:view", "action", "view", ""},
		{"role:read:own", "scope", "own", "all"},
		{"role:*:department", "scope", "department", "all"},
		{"audit_log:read:unassigned", "scope", "unassigned", "own"},
		{"tenant:read", "resource", "tenant", ""},
		{"xyz:read", "resource", "xyz", ""},
	} {
		_, err := access.BuiltIn().Canonical(test.input)
		var unknown *access.UnknownError
		if !errors.As(err, &unknown) {
			t.Errorf("%s: %v", test.input, err)
			continue
		}
		if unknown.Kind != test.kind || unknown.Name != test.name {
			t.Errorf("%s: %+v", test.input, unknown)
		}
		if test.nearest != "" && (len(unknown.Nearest) == 0 || unknown.Nearest[0] != test.nearest) {
			t.Errorf("%s: did you mean %v? want %s first", test.input, unknown.Nearest, test.nearest)
		}
		if test.nearest != "" && !strings.Contains(err.Error(), "did you mean "+test.nearest) {
			t.Errorf("%s: %v", test.input, err)
		}
	}
}

func TestOperationTakesCanonicalNamesOnly(t *testing.T) {
	op, err := access.BuiltIn().Operation("conversation", "delete")
	if err != nil || op.Resource() != "conversation" || op.Action() != "delete" || !op.HighRisk() {
		t.Errorf("%v, %v", op, err)
	}
	if op != access.BuiltIn().MustOperation("conversation", "delete") {
		t.Error("the same operation does not compare equal")
	}
	for _, names := range [][2]string{
		{"report", "view"}, {"*", "*"}, {"report", "*"}, {"report", "all"}, {"*", "read"},
		{"", ""}, {"report", ""}, {"Report", "read"}, {"tenant", "read"}, {"report", "read:own"},
	} {
		op, err := access.BuiltIn().Operation(names[0], names[1])
		var unknown *access.UnknownError
		if !errors.As(err, &unknown) || op != (access.Operation{}) {
			t.Errorf("%q: %v, %v", names, op, err)
		}
	}
}

func TestCatalogueRefusesContradictions(t *testing.T) {
	good := access.Resource{
		Name: "parcel", Actions: []string{"read", "send"}, Scopes: []access.Scope{access.Own, access.All},
		Status: access.StatusExternal,
	}
	if _, err := access.NewCatalogue(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(r *access.Resource){
		"no name":            func(r *access.Resource) { r.Name = "" },
		"reserved name":      func(r *access.Resource) { r.Name = "all" },
		"wildcard":           func(r *access.Resource) { r.Actions = []string{"*"} },
		"no actions":         func(r *access.Resource) { r.Actions = nil },
		"action twice":       func(r *access.Resource) { r.Actions = []string{"read", "read"} },
		"no scopes":          func(r *access.Resource) { r.Scopes = nil },
		"unknown scope":      func(r *access.Resource) { r.Scopes = []access.Scope{9} },
		"scope twice":        func(r *access.Resource) { r.Scopes = []access.Scope{access.All, access.All} },
		"never unassigned":   func(r *access.Resource) { r.Scopes = []access.Scope{access.Unassigned} },
		"unknown status":     func(r *access.Resource) { r.Status = "maybe" },
		"risk of nothing":    func(r *access.Resource) { r.HighRisk = []string{"burn"} },
		"own of nothing":     func(r *access.Resource) { r.Own = map[string][]access.Relation{"burn": nil} },
		"unknown relation":   func(r *access.Resource) { r.Own = map[string][]access.Relation{"read": {"friend"}} },
		"alias of nothing":   func(r *access.Resource) { r.Aliases = map[string]string{"view": "burn"} },
		"alias of an action": func(r *access.Resource) { r.Aliases = map[string]string{"send": "read"} },
	} {
		bad := good
		spoil(&bad)
		if _, err := access.NewCatalogue(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := access.NewCatalogue(good, good); err == nil {
		t.Error("declared twice: accepted")
	}
	if _, err := access.BuiltIn().Extend(access.Resource{Name: "call", Actions: good.Actions, Scopes: good.Scopes, Status: good.Status}); err == nil {
		t.Error("a built-in resource was declared again")
	}
}

func TestParseCatalogueIsStrict(t *testing.T) {
	for _, input := range []string{
		``, `[]`, `{`, `{"a":1}`, `{} {}`, `null`,
		`{"a":{"zh":"","en":"","actions":["read"],"scopes":["all"],"status":"planned","colour":"red"}}`,
		`{"a":{"zh":"","en":"","actions":["read"],"scopes":["everything"],"status":"planned"}}`,
	} {
		if _, err := access.ParseCatalogue([]byte(input)); err == nil {
			t.Errorf("%s: accepted", input)
		}
	}
}

// An application's catalogue is asked about next to the built-in one, whose
// operations mean the same in both.
func TestExtendKeepsOperations(t *testing.T) {
	parcel := access.Resource{
		Name: "parcel", Actions: []string{"send"}, Scopes: []access.Scope{access.All}, Status: access.StatusExternal,
	}
	extended := must(access.BuiltIn().Extend(parcel))
	s := must(access.Compile(extended, office()))
	lead, _ := s.Subject("lead")
	if !lead.Holds(access.BuiltIn().MustOperation("queue", "read"), access.Departmental, noon) {
		t.Error("an operation of the base is unknown in the extended catalogue")
	}
	admin, _ := s.Subject("admin")
	send := extended.MustOperation("parcel", "send")
	if !admin.Holds(send, access.All, noon) {
		t.Error("everything does not include what was added")
	}
	plain, _ := must(access.Compile(access.BuiltIn(), office())).Subject("admin")
	if plain.Holds(send, access.Own, noon) || !plain.Filter(send, noon).Nothing() {
		t.Error("an operation of another catalogue is held")
	}
	object := &access.Object{Tenant: "acme", Resource: "parcel", ID: "p"}
	if d := plain.Check(send, object, noon); d.Allow || plain.Explain(send, object, noon).Allow {
		t.Error("an operation of another catalogue is allowed")
	}
}

// Two applications may extend the same catalogue without meeting.
func TestExtendTwice(t *testing.T) {
	base := access.BuiltIn()
	extend := func(name string) *access.Catalogue {
		return must(base.Extend(access.Resource{
			Name: name, Actions: []string{"send"}, Scopes: []access.Scope{access.All}, Status: access.StatusExternal,
		}))
	}
	base = extend("stamp")
	base = extend("letter") // its operations have room behind them for both of the next
	parcel, crate := extend("parcel"), extend("crate")
	for catalogue, name := range map[*access.Catalogue]string{parcel: "parcel", crate: "crate"} {
		var last string
		for op := range catalogue.Operations() {
			last = op.Resource()
		}
		if _, found := catalogue.Resource(name); !found || last != name {
			t.Errorf("%s ends with %s", name, last)
		}
	}
	if _, err := crate.Operation("parcel", "send"); err == nil {
		t.Error("one extension shows in another")
	}
}

func TestExpand(t *testing.T) {
	var got []string
	for _, p := range access.BuiltIn().Expand(access.MustParse("appeal:*:own")) {
		got = append(got, p.String())
	}
	if want := []string{"appeal:read:own", "appeal:create:own", "appeal:decide:own"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	all := 0
	for range access.BuiltIn().Operations() {
		all++
	}
	if got := len(access.BuiltIn().Expand(access.MustParse("*"))); got != all || all < 100 {
		t.Errorf("everything expands to %d of %d operations", got, all)
	}
}

// What callers get is theirs to change.
func TestCatalogueCannotBeChangedFromOutside(t *testing.T) {
	before := must(os.ReadFile("testdata/catalogue.json"))
	for r := range access.BuiltIn().Resources() {
		r.Actions[0], r.Scopes[0] = "spoilt", access.All
		for action := range r.Own {
			r.Own[action] = nil
		}
	}
	roles, _ := access.Preset("business")
	roles[0].Permissions[0] = access.MustParse("*")
	sameJSON(t, "catalogue.json", access.BuiltIn())
	if again, _ := access.Preset("business"); again[0].Permissions[0] == access.MustParse("*") || len(before) == 0 {
		t.Error("a preset was changed from outside")
	}
}

// must returns what cannot fail in a test.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
