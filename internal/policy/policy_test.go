package policy_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// object is a JSON object of a request.
type object = map[string]any

// give sets what a user has, around the guard rails.
func give(t *testing.T, s *servertest.Server, u *servertest.User, list ...policy.Assignment) {
	t.Helper()
	within(t, s, u.Tenant.ID, func(ctx context.Context, tx *store.Tx) error {
		return policy.SetAssignments(ctx, tx, u.ID, list)
	})
}

// list sets a user's own permission list, around the guard rails; none lets the roles decide.
func list(t *testing.T, s *servertest.Server, u *servertest.User, permissions ...string) {
	t.Helper()
	var own []access.Permission
	for _, p := range permissions {
		own = append(own, access.MustParse(p))
	}
	within(t, s, u.Tenant.ID, func(ctx context.Context, tx *store.Tx) error {
		return policy.SetPermissionList(ctx, tx, u.ID, own)
	})
}

// within changes a tenant around the guard rails and makes the change seen.
func within(t *testing.T, s *servertest.Server, tenant string, f func(context.Context, *store.Tx) error) {
	t.Helper()
	err := s.DB.Write(t.Context(), tenant, func(tx *store.Tx) error { return f(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
	s.Policy.Forget(tenant)
}

// newRole makes a role over HTTP.
func newRole(c *servertest.Client, name string, permissions ...string) *servertest.Answer {
	return c.Do("POST", "/v1/roles", object{"name": name, "permissions": append([]string{}, permissions...)})
}

// etag reads the present version of something.
func etag(c *servertest.Client, path string) string { return c.Do("GET", path, nil).Expect(200).ETag() }

// put replaces something at its present version.
func put(c *servertest.Client, path string, body any) *servertest.Answer {
	return c.Do("PUT", path, body, "If-Match", etag(c, path))
}

// patch changes something at its present version, a role as its preview shows it.
func patch(c *servertest.Client, path string, body any) *servertest.Answer {
	if role, isRole := strings.CutPrefix(path, "/v1/roles/"); isRole {
		return c.ChangeRole(role, body)
	}
	return c.Do("PATCH", path, body, "If-Match", etag(c, path))
}

// remove deletes something at its present version.
func remove(c *servertest.Client, path string) *servertest.Answer {
	return c.Do("DELETE", path, nil, "If-Match", etag(c, path))
}

// place fails the test unless the refusal names the place, and returns what it says there.
func place(t *testing.T, a *servertest.Answer, location string) string {
	t.Helper()
	var problem struct {
		Errors []struct{ Location, Message string }
	}
	a.Into(&problem)
	for _, e := range problem.Errors {
		if e.Location == location {
			return e.Message
		}
	}
	t.Fatalf("no error at %s: %s", location, a.Body)
	return ""
}

// texts are the strings of a list in an answer.
func texts(t *testing.T, v any) []string {
	t.Helper()
	items, ok := v.([]any)
	if !ok {
		t.Fatalf("%v is no list", v)
	}
	names := []string{}
	for _, item := range items {
		names = append(names, item.(string))
	}
	return names
}

// column collects one member of every item of a list.
func column(t *testing.T, v any, name string) []string {
	t.Helper()
	items, ok := v.([]any)
	if !ok {
		t.Fatalf("%v is no list", v)
	}
	var values []string
	for _, item := range items {
		values = append(values, item.(object)[name].(string))
	}
	return values
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func later(s *servertest.Server, d time.Duration) string {
	return s.Clock.Now().Add(d).UTC().Format(time.RFC3339)
}

// records are the ids of the records of an event in a tenant's trail.
func records(t *testing.T, s *servertest.Server, tenant, event string) (ids []string) {
	t.Helper()
	err := s.DB.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		ids, err = store.Collect(t.Context(), tx, store.Text, `
			SELECT b.id
			FROM audit_bodies b
			WHERE b.tenant_id = $1 AND b.event = $2
			ORDER BY b.id`, event)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
