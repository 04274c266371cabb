package policy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// plainCompiled is everything that a policy says, as it compares.
type plainCompiled struct {
	Tenant              access.Tenant
	Administrators      []string
	Version             int64
	DefaultRole         string
	MaxRolesPerUser     int
	RequireSecondFactor bool
	Roles               map[string]string
	Parents             map[string]string
}

func plainOf(c *Compiled) plainCompiled {
	p := plainCompiled{c.Tenant(), c.Administrators(), c.Version, c.DefaultRole, c.MaxRolesPerUser, c.requireSecondFactor, map[string]string{}, c.parents}
	for name, mark := range c.roles {
		p.Roles[name] = fmt.Sprint(mark)
	}
	p.Tenant.Departments = append([]access.Department{}, p.Tenant.Departments...)
	return p
}

// followed fails unless what becomes of a known policy is what is stored, and returns it.
func followed(ctx context.Context, t rapid.TB, tx *store.Tx, known *Compiled) *Compiled {
	t.Helper()
	got, err := follow(ctx, tx, known)
	if err != nil {
		t.Fatalf("following: %v", err)
	}
	want, err := Load(ctx, tx)
	if err != nil {
		t.Fatalf("loading: %v", err)
	}
	if diff := cmp.Diff(plainOf(want), plainOf(got)); diff != "" {
		t.Fatalf("what was followed is not what is stored (-stored +followed):\n%s", diff)
	}
	return got
}

// A writing is a statement that some path of the program, or nobody, may run. $2 to $4 are small numbers that
// name users, roles, departments and assignments; a statement that comes to nothing is one too.
var writings = []string{
	`INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active, first_admin, epoch, version, created_at, updated_at)
		VALUES ($1, 'u' || $2, 'u' || $2, 'u' || $2, '', '', '', $3, $4, TRUE, FALSE, 1, 1, 0, 0) ON CONFLICT DO NOTHING`,
	`INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en, permissions, requires_mfa, version, created_at, updated_at)
		VALUES ($1, 'r' || $2, FALSE, ($3 <> $4), '', '', '', '', '["conversation:read:department"]', FALSE, 1, 0, 0) ON CONFLICT DO NOTHING`,
	`INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at)
		VALUES ($1, 'd' || $2, 'd' || $2, 'd' || $2, length($3 || $4), 0, 0) ON CONFLICT DO NOTHING`,
	`INSERT INTO user_departments (tenant_id, user_id, department_id)
		SELECT $1, u.id, d.id FROM users u JOIN departments d ON d.tenant_id = u.tenant_id AND d.tenant_id = $1
		WHERE u.tenant_id = $1 AND u.id = 'u' || $2 AND d.id = 'd' || $3 AND $4 <> 'x' ON CONFLICT DO NOTHING`,
	`INSERT INTO role_assignments (tenant_id, id, user_id, role, limited, created_at)
		SELECT $1, 'a' || $4, u.id, r.name, ($4 > '0'), 0 FROM users u JOIN roles r ON r.tenant_id = u.tenant_id AND r.tenant_id = $1
		WHERE u.tenant_id = $1 AND u.id = 'u' || $2 AND r.name = 'r' || $3 ON CONFLICT DO NOTHING`,
	`INSERT INTO assignment_departments (tenant_id, assignment_id, department_id)
		SELECT $1, a.id, d.id FROM role_assignments a JOIN departments d ON d.tenant_id = a.tenant_id AND d.tenant_id = $1
		WHERE a.tenant_id = $1 AND a.limited AND a.id = 'a' || $2 AND d.id = 'd' || $3 AND $4 <> 'x' ON CONFLICT DO NOTHING`,
	`DELETE FROM users WHERE tenant_id = $1 AND id = 'u' || $2 AND $3 <> $4`,
	`UPDATE users SET active = ($3 = $4) WHERE tenant_id = $1 AND id = 'u' || $2`,
	`UPDATE users SET name = $3, phone = $4, active = active WHERE tenant_id = $1 AND id = 'u' || $2`,
	`UPDATE users SET permission_list = CASE WHEN $3 = $4 THEN NULL WHEN $3 < $4 THEN '[]' ELSE '["*:*:all"]' END WHERE tenant_id = $1 AND id = 'u' || $2`,
	`UPDATE user_departments SET user_id = 'u' || $3 WHERE tenant_id = $1 AND user_id = 'u' || $2
		AND EXISTS (SELECT 1 FROM users u WHERE u.tenant_id = $1 AND u.id = 'u' || $3)
		AND NOT EXISTS (SELECT 1 FROM user_departments o WHERE o.tenant_id = $1 AND o.user_id = 'u' || $3) AND $4 <> 'x'`,
	`DELETE FROM user_departments WHERE tenant_id = $1 AND user_id = 'u' || $2 AND department_id <> $3 || $4`,
	`UPDATE role_assignments SET user_id = 'u' || $3, expires_at = 5 WHERE tenant_id = $1 AND user_id = 'u' || $2 AND id <> $4
		AND EXISTS (SELECT 1 FROM users u WHERE u.tenant_id = $1 AND u.id = 'u' || $3)`,
	`DELETE FROM role_assignments WHERE tenant_id = $1 AND user_id = 'u' || $2 AND role <> $3 || $4`,
	`DELETE FROM assignment_departments WHERE tenant_id = $1 AND assignment_id = 'a' || $2 AND department_id <> $3 || $4`,
	`UPDATE assignment_departments SET department_id = 'd' || $3 WHERE tenant_id = $1 AND assignment_id = 'a' || $2
		AND EXISTS (SELECT 1 FROM departments d WHERE d.tenant_id = $1 AND d.id = 'd' || $3)
		AND NOT EXISTS (SELECT 1 FROM assignment_departments o WHERE o.tenant_id = $1 AND o.assignment_id = 'a' || $2 AND o.department_id = 'd' || $3)
		AND (SELECT count(*) FROM assignment_departments o WHERE o.tenant_id = $1 AND o.assignment_id = 'a' || $2) = 1 AND $4 <> 'x'`,
	`UPDATE roles SET permissions = CASE WHEN $3 < $4 THEN '[]' ELSE '["*:*:all"]' END WHERE tenant_id = $1 AND name = 'r' || $2`,
	`UPDATE roles SET active = NOT active, requires_mfa = ($3 = $4) WHERE tenant_id = $1 AND name = 'r' || $2`,
	`UPDATE roles SET label_en = $3 || $4, version = version + 1 WHERE tenant_id = $1 AND name = 'r' || $2`,
	`DELETE FROM roles WHERE tenant_id = $1 AND name = 'r' || $2 AND $3 <> $4
		AND NOT EXISTS (SELECT 1 FROM role_assignments a WHERE a.tenant_id = $1 AND a.role = 'r' || $2)`,
	`UPDATE departments SET parent_id = CASE WHEN $3 < $2 THEN 'd' || $3 ELSE NULL END WHERE tenant_id = $1 AND id = 'd' || $2 AND $4 <> 'x'
		AND EXISTS (SELECT 1 FROM departments p WHERE p.tenant_id = $1 AND p.id = 'd' || $3)`,
	`UPDATE departments SET name = $3 || $4 || $2, name_key = $3 || $4 || $2 WHERE tenant_id = $1 AND id = 'd' || $2`,
	`DELETE FROM departments WHERE tenant_id = $1 AND id = 'd' || $2 AND $3 <> $4
		AND NOT EXISTS (SELECT 1 FROM departments c WHERE c.tenant_id = $1 AND c.parent_id = 'd' || $2)`,
	`UPDATE tenants SET default_role = 'r' || $2, max_roles_per_user = length($3), require_second_factor = ($3 < $4) WHERE tenant_id = $1`,
	`UPDATE tenants SET status = CASE WHEN $2 <= $3 THEN 'active' ELSE 'suspended' END WHERE tenant_id = $1 AND $4 <> 'x'`,
}

func write(ctx context.Context, t *rapid.T, tx *store.Tx) {
	digit := func(label string) string { return fmt.Sprint(rapid.IntRange(0, 3).Draw(t, label)) }
	for range rapid.IntRange(1, 6).Draw(t, "statements") {
		query := rapid.SampledFrom(writings).Draw(t, "writing")
		if _, err := tx.Exec(ctx, query, digit("$2"), digit("$3"), digit("$4")); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

var errRolledBack = errors.New("rolled back")

// node is one that knows of the policy what it last asked for.
type node struct{ known *Compiled }

// Whatever is written, by whatever path, under the lock or not, committed or not: two nodes that ask now and then
// find what is stored, and so does the transaction that writes, before and after.
func TestAFollowedPolicyIsTheStoredOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		made := 0
		rapid.Check(t, func(r *rapid.T) {
			made++
			ctx, id := t.Context(), fmt.Sprint("t", made)
			newHouse(ctx, r, db, id)
			nodes := []*node{{}, {}}
			for range rapid.IntRange(1, 8).Draw(r, "transactions") {
				n := nodes[rapid.IntRange(0, 1).Draw(r, "node")]
				if rapid.IntRange(0, 2).Draw(r, "asks") == 0 {
					read(ctx, r, db, id, n)
				}
				writeThrough(ctx, r, db, id, n)
			}
			for _, n := range nodes {
				read(ctx, r, db, id, n)
			}
		})
	})
}

// newHouse makes a tenant with a few of everything, of which the log tells under a version that nobody asks from.
func newHouse(ctx context.Context, t rapid.TB, db *store.DB, id string) {
	err := db.Write(ctx, id, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `
			INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo,
				local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
			VALUES ($1, $2, '', '', '', '', 'active', FALSE, 'enabled', 0, 1, 1, 1, 0, 0)`, id); err != nil {
			return err
		}
		for _, query := range writings {
			for i := range 8 {
				n := fmt.Sprint(i % 4)
				if !strings.HasPrefix(query, "INSERT") || n == "3" && strings.Contains(query, "SELECT") {
					continue // and of each there is one that nothing refers to
				}
				if _, err := tx.Exec(ctx, query, n, n, fmt.Sprint(i)); err != nil {
					return err
				}
			}
		}
		_, err := tenant.Lock(ctx, tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(ctx context.Context, t *rapid.T, db *store.DB, id string, n *node) {
	t.Helper()
	err := db.Read(ctx, id, func(tx *store.Tx) error {
		n.known = followed(ctx, t, tx, n.known)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writeThrough writes like [Service.ChangeTo], or around it, and may take it back.
func writeThrough(ctx context.Context, t *rapid.T, db *store.DB, id string, n *node) {
	t.Helper()
	var after *Compiled
	err := db.Write(ctx, id, func(tx *store.Tx) error {
		if rapid.IntRange(0, 3).Draw(t, "locked") > 0 {
			if _, err := tenant.Lock(ctx, tx); err != nil {
				return err
			}
		}
		before := followed(ctx, t, tx, n.known)
		write(ctx, t, tx)
		after = followed(ctx, t, tx, before)
		if rapid.IntRange(0, 3).Draw(t, "takes back") == 0 {
			return errRolledBack
		}
		return pruneLog(ctx, tx, after.Version)
	})
	switch {
	case err == nil:
		n.known = after
	case !errors.Is(err, errRolledBack):
		t.Fatal(err)
	}
}
