package access_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
)

// read decodes a file of testdata.
func read(t testing.TB, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestGrammar(t *testing.T) {
	var vectors []struct {
		Input     string
		Canonical *string
	}
	read(t, "grammar.json", &vectors)
	for _, v := range vectors {
		p, err := access.Parse(v.Input)
		switch {
		case v.Canonical == nil && err == nil:
			t.Errorf("%q is read as %v, and should be refused", v.Input, p)
		case v.Canonical != nil && err != nil:
			t.Errorf("%q is refused: %v", v.Input, err)
		case v.Canonical != nil && p.String() != *v.Canonical:
			t.Errorf("%q is read as %v, want %s", v.Input, p, *v.Canonical)
		}
	}
}

func TestSyntaxErrorsSayWhereAndWhat(t *testing.T) {
	long := strings.Repeat("a", 65)
	for _, test := range []struct {
		input    string
		position int
		expected string
	}{
		{"", 0, "a lower-case letter"},
		{"conversation", 12, `":" and an action`},
		{"conversation:", 13, "a lower-case letter"},
		{"conversation:Read", 13, "a lower-case letter"},
		{"conversation:re ad", 15, "a lower-case letter, a digit"},
		{"conversation:read:mine", 18, `"own", "unassigned", "department" or "all"`},
		{"conversation:read:own:x", 18, `"own", "unassigned", "department" or "all"`},
		{"all:read", 0, `other than "all"`},
		{"*:read:all", 2, "every resource added later"},
		{"*:*:own", 4, "every resource added later"},
		{long + ":read", 64, "64 characters"},
		{"a:" + long, 66, "64 characters"},
	} {
		_, err := access.Parse(test.input)
		var syntax *access.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: %v is no SyntaxError", test.input, err)
			continue
		}
		if syntax.Input != test.input || syntax.Position != test.position || !strings.Contains(syntax.Expected, test.expected) {
			t.Errorf("%q: position %d, expected %s; want %d, %s", test.input, syntax.Position, syntax.Expected, test.position, test.expected)
		}
	}
}

func TestSyntaxErrorsStayShort(t *testing.T) {
	if _, err := access.Parse(strings.Repeat("x", 1<<20)); len(err.Error()) > 1000 {
		t.Errorf("a message of %d bytes", len(err.Error()))
	}
}

func TestScopes(t *testing.T) {
	var vectors []struct {
		Granted, Required access.Scope
		Satisfies         bool
	}
	read(t, "scopes.json", &vectors)
	if len(vectors) != 16 {
		t.Fatalf("%d pairs", len(vectors))
	}
	for _, v := range vectors {
		if got := v.Granted.Satisfies(v.Required); got != v.Satisfies {
			t.Errorf("%v satisfies %v: %t", v.Granted, v.Required, got)
		}
	}
	for _, none := range []access.Scope{0, 5, 255} {
		if none.Satisfies(access.Own) || access.All.Satisfies(none) || none.Satisfies(none) {
			t.Errorf("%v is no scope, and yet compares", none)
		}
	}
}

func TestSubsumes(t *testing.T) {
	for _, test := range []struct {
		p, q string
		want bool
	}{
		{"*:*:all", "*:*:all", true},
		{"*:*:all", "call:barge:own", true},
		{"call:*:all", "call:barge:own", true},
		{"call:*:all", "call:*:department", true},
		{"call:*:all", "*:*:all", false},
		{"call:barge:all", "call:*:all", false},
		{"call:barge:department", "call:barge:own", true},
		{"call:barge:department", "call:barge:unassigned", false},
		{"call:barge:own", "call:barge:department", false},
		{"call:barge:all", "call:read:all", false},
		{"call:barge:all", "conversation:barge:all", false},
	} {
		if got := access.MustParse(test.p).Subsumes(access.MustParse(test.q)); got != test.want {
			t.Errorf("%s subsumes %s: %t", test.p, test.q, got)
		}
	}
}

func TestPermissionsTravelAsText(t *testing.T) {
	var list []access.Permission
	if err := json.Unmarshal([]byte(`["resume:all","*"]`), &list); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(list); err != nil || string(text) != `["resume:*:all","*:*:all"]` {
		t.Errorf("written as %s, %v", text, err)
	}
	if err := json.Unmarshal([]byte(`["resume"]`), &list); err == nil {
		t.Error("half a permission was read")
	}
	for _, p := range []access.Permission{
		{},
		{Resource: "*", Action: "read", Scope: access.All},
		{Resource: "call", Action: "all", Scope: access.All},
		{Resource: "call", Action: "read"},
	} {
		if text, err := p.MarshalText(); err == nil {
			t.Errorf("%#v was written as %s", p, text)
		}
	}
}
