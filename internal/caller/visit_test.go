package caller_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
)

// held is what a visit may do of everything that the catalogue has.
func held(t *testing.T, write bool) (list []string) {
	t.Helper()
	s, err := access.Compile(access.BuiltIn(), access.Tenant{ID: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	v := &caller.Visit{Write: write}
	subject, err := v.Subject("visitor", s)
	if err != nil {
		t.Fatal(err)
	}
	for op := range access.BuiltIn().Operations() {
		if subject.Holds(op, access.Own, noon) {
			list = append(list, op.String())
		}
	}
	return list
}

func TestAVisitThatReadsHoldsNothingElse(t *testing.T) {
	for _, op := range held(t, false) {
		if !strings.HasSuffix(op, ":read") && !strings.HasSuffix(op, ":view") {
			t.Errorf("a visit that reads holds %s", op)
		}
	}
}

// What a writing visit may not do stands here in full: whoever adds to the catalogue decides whether it
// belongs to it.
func TestAVisitThatWritesKeepsAccessAsItIs(t *testing.T) {
	may := held(t, true)
	var not []string
	for op := range access.BuiltIn().Operations() {
		if !slices.Contains(may, op.String()) {
			not = append(not, op.String())
		}
	}
	slices.Sort(not)
	want := []string{
		"application:create", "application:delete", "application:reset_credentials", "application:update",
		"department:create", "department:delete", "department:update",
		"integration:create", "integration:delete", "integration:update",
		"role:assign", "role:create", "role:delete", "role:update",
		"system_config:create", "system_config:delete", "system_config:update",
		"user:create", "user:delete", "user:disable", "user:import", "user:reset_credentials", "user:update",
	}
	if diff := cmp.Diff(want, not); diff != "" {
		t.Errorf("a visit that writes may not (-want +got):\n%s", diff)
	}
}

func TestAVisitorIsNoUser(t *testing.T) {
	s, err := access.Compile(access.BuiltIn(), access.Tenant{ID: "acme", Users: []access.User{{ID: "ann", Active: true}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&caller.Visit{}).Subject("ann", s); err == nil {
		t.Error("a visitor passes for a user of the tenant")
	}
}
