package accesstest_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/access/world"
	"github.com/usher-desk/usher/internal/accesstest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

const testdata = "../../access/testdata/"

func load(t *testing.T, path string) *world.World {
	t.Helper()
	w, err := world.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// eachStore runs f with the world in each of the two databases.
func eachStore(t *testing.T, w *world.World, f func(t *testing.T, s *accesstest.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		s, err := accesstest.OpenSQLite(t.Context(), w)
		within(t, s, err, f)
	})
	t.Run("postgres", func(t *testing.T) {
		s, err := accesstest.OpenPostgres(t.Context(), storetest.PostgresURL(t), w)
		within(t, s, err, f)
	})
}

func within(t *testing.T, s *accesstest.Store, err error, f func(t *testing.T, s *accesstest.Store)) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	f(t, s)
}

func questions(w *world.World) int {
	return len(w.Checks) + len(w.Holds) + len(w.Filters) + len(w.WhoCan) + len(w.Previews)
}

func TestEveryWorldHoldsInTheStore(t *testing.T) {
	hand, _ := filepath.Glob(testdata + "world-*.json")
	random, _ := filepath.Glob(testdata + "random-*.json")
	if len(hand) == 0 || len(random) == 0 {
		t.Fatalf("found %d worlds and %d random ones", len(hand), len(random))
	}
	for _, path := range append(hand, random...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			w := load(t, path)
			eachStore(t, w, func(t *testing.T, s *accesstest.Store) {
				result := world.Run(t.Context(), w, s)
				if result.Passed+result.Failed != questions(w) {
					t.Errorf("counted %d of %d questions", result.Passed+result.Failed, questions(w))
				}
				for _, failure := range result.Failures {
					t.Error(failure)
				}
			})
		})
	}
}

// What is asked is the database and not the file: after loading, the file may say anything.
func TestAnswersComeFromTheDatabase(t *testing.T) {
	original := load(t, testdata+"world-business.json")
	emptied := load(t, testdata+"world-business.json")
	eachStore(t, emptied, func(t *testing.T, s *accesstest.Store) {
		objects := emptied.Tenants[0].Objects
		defer func() { emptied.Tenants[0].Objects = objects }()
		emptied.Tenants[0].Objects = nil
		hollow := hollowed{s}
		if result := world.Run(t.Context(), original, hollow); result.Failed > 0 {
			t.Errorf("%d failed, first %v", result.Failed, result.Failures[0])
		}
	})
}

// hollowed asks about objects of which it tells no more than tenant and id.
type hollowed struct{ *accesstest.Store }

func (h hollowed) Check(ctx context.Context, tenant, subject, action string, o access.Object) (access.Explanation, error) {
	return h.Store.Check(ctx, tenant, subject, action, access.Object{Tenant: o.Tenant, ID: o.ID})
}

func (h hollowed) WhoCan(ctx context.Context, tenant, action string, o access.Object) ([]string, error) {
	return h.Store.WhoCan(ctx, tenant, action, access.Object{Tenant: o.Tenant, ID: o.ID})
}

// A world with wrong answers fails at exactly those.
func TestWrongAnswersAreToldApart(t *testing.T) {
	w := load(t, testdata+"world-business.json")
	w.Checks[0].Allow = !w.Checks[0].Allow
	w.Holds[0].Allow = !w.Holds[0].Allow
	w.Filters[0].Objects = append(w.Filters[0].Objects, "c-none")
	w.WhoCan[0].Subjects = append(w.WhoCan[0].Subjects, "nobody")
	w.Previews[0].Result = append(w.Previews[0].Result, world.Difference{Subject: "nobody"})
	eachStore(t, w, func(t *testing.T, s *accesstest.Store) {
		result := world.Run(t.Context(), w, s)
		var kinds []string
		for _, failure := range result.Failures {
			kind, _, _ := strings.Cut(failure.Question, ":")
			kinds = append(kinds, kind)
		}
		if diff := cmp.Diff([]string{"check", "holds", "filter", "who can", "preview"}, kinds); diff != "" {
			t.Error(diff)
		}
	})
}

// A preview shows what it was asked for and leaves no trace, so that it can be asked again.
func TestPreviewLeavesNothing(t *testing.T) {
	w := load(t, testdata+"world-business.json")
	q := w.Previews[0]
	eachStore(t, w, func(t *testing.T, s *accesstest.Store) {
		first, err := s.Preview(t.Context(), q.Tenant, q.Role, q.Change)
		if err != nil || len(first) == 0 {
			t.Fatalf("%v, %v", first, err)
		}
		second, err := s.Preview(t.Context(), q.Tenant, q.Role, q.Change)
		if diff := cmp.Diff(first, second); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

// A name that is not there is a wrong answer, not a silent deny.
func TestUnknownNamesAreErrors(t *testing.T) {
	w := load(t, testdata+"world-business.json")
	o := w.Tenants[0].Objects[0]
	eachStore(t, w, func(t *testing.T, s *accesstest.Store) {
		ctx := t.Context()
		for name, err := range map[string]error{
			"check of nobody":    second(s.Check(ctx, "acme", "nobody", "view", o)),
			"check of no object": second(s.Check(ctx, "acme", "ann", "view", access.Object{Tenant: "acme", ID: "none"})),
			"holds of no action": second(s.Holds(ctx, "acme", "ann", "resume", "burn", access.Own)),
			"filter of nobody":   second(s.Filter(ctx, "acme", "nobody", "resume", "view")),
			"who can do nothing": second(s.WhoCan(ctx, "acme", "burn", o)),
			"who can nowhere":    second(s.WhoCan(ctx, "nowhere", "view", o)),
			"preview of no role": second(s.Preview(ctx, "acme", "nobody", world.Change{})),
			"preview nowhere":    second(s.Preview(ctx, "nowhere", "hr", world.Change{})),
		} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// ownServer is the address of the test server for a role of this test, by which what it makes is
// told from what other tests make.
func ownServer(t *testing.T) (address, role string) {
	t.Helper()
	role = "usher_test_" + strings.ToLower(rand.Text()[:16])
	server := storetest.PostgresURL(t)
	storetest.Command(t, server, "CREATE ROLE "+role+" LOGIN CREATEDB")
	t.Cleanup(func() { storetest.Command(t, server, "DROP ROLE "+role) }) // fails while it owns a database
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(role)
	return u.String(), role
}

func databasesOf(t *testing.T, role string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	err = conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_database WHERE pg_get_userbyid(datdba) = $1 AND starts_with(datname, 'usher_access_test_')`, role).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// cancelling is interrupted by its own first question about a filter.
type cancelling struct {
	*accesstest.Store
	cancel func()
}

func (c cancelling) Filter(ctx context.Context, tenant, subject, resource, action string) ([]string, error) {
	c.cancel()
	return c.Store.Filter(ctx, tenant, subject, resource, action)
}

func TestInterruptedRunLeavesNoDatabase(t *testing.T) {
	address, role := ownServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	w := load(t, testdata+"world-business.json")
	s, err := accesstest.OpenPostgres(ctx, address, w)
	if err != nil {
		t.Fatal(err)
	}
	if n := databasesOf(t, role); n != 1 {
		t.Errorf("%d databases while it runs", n)
	}
	if result := world.Run(ctx, w, cancelling{s, cancel}); result.Failed == 0 {
		t.Error("nothing failed")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n := databasesOf(t, role); n != 0 {
		t.Errorf("left %d databases", n)
	}
}

// A world that no tenant could be in is refused, and nothing is left of the attempt.
func TestWorldThatCannotBeStored(t *testing.T) {
	address, role := ownServer(t)
	for name, spoil := range map[string]func(t *world.Tenant){
		"department that does not exist": func(t *world.Tenant) { t.Users[0].Departments = []string{"none"} },
		"role that does not exist":       func(t *world.Tenant) { t.Users[0].Assignments = []access.Assignment{{ID: "1", Role: "none"}} },
		"user twice":                     func(t *world.Tenant) { t.Users = append(t.Users, t.Users[0]) },
		"object twice":                   func(t *world.Tenant) { t.Objects = append(t.Objects, t.Objects[0]) },
		"reserved tenant":                func(t *world.Tenant) { t.ID = "platform" },
	} {
		w := load(t, testdata+"world-business.json")
		spoil(&w.Tenants[0])
		for database, open := range map[string]func() (*accesstest.Store, error){
			"sqlite":   func() (*accesstest.Store, error) { return accesstest.OpenSQLite(t.Context(), w) },
			"postgres": func() (*accesstest.Store, error) { return accesstest.OpenPostgres(t.Context(), address, w) },
		} {
			if _, err := open(); err == nil || !strings.Contains(err.Error(), "cannot be stored") {
				t.Errorf("%s, %s: %v", name, database, err)
			}
		}
	}
	if n := databasesOf(t, role); n != 0 {
		t.Errorf("left %d databases", n)
	}
}
