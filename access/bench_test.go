package access_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
)

// drawn is how many questions a benchmark cycles through: enough that neither
// the branch predictor nor the first cache level learns them.
const drawn = 4096

// question is a drawn check, as it is asked by names.
type question struct {
	pair
	tenant, user, resource, action string
}

// pair is what is left of it once the names are looked up.
type pair struct {
	subject access.Subject
	op      access.Operation
	object  *access.Object
}

// pairs are what a benchmark of resolved questions cycles through.
func pairs(questions []question) []pair {
	list := make([]pair, len(questions))
	for i, q := range questions {
		list[i] = q.pair
	}
	return list
}

// desk makes a tenant from the it-desk preset: users with one to three roles in
// a forest of twenty departments, one assignment in eight with an expiry.
func desk(random *rand.Rand, id string, users int) access.Tenant {
	t := access.Tenant{ID: id}
	for d := range 20 {
		department := access.Department{ID: fmt.Sprintf("d%02d", d)}
		if d >= 4 {
			department.Parent = fmt.Sprintf("d%02d", d/4-1)
		}
		t.Departments = append(t.Departments, department)
	}
	roles, _ := access.Preset("it-desk")
	for _, r := range roles {
		t.Roles = append(t.Roles, access.Role{Name: r.Name, Active: true, Permissions: r.Permissions})
	}
	for u := range users {
		user := access.User{ID: fmt.Sprintf("%s-u%04d", id, u), Active: true}
		user.Departments = []string{t.Departments[random.IntN(20)].ID}
		for i := range 1 + random.IntN(3) {
			a := access.Assignment{ID: fmt.Sprint(i), Role: roles[random.IntN(len(roles))].Name}
			if random.IntN(8) == 0 {
				a.ExpiresAt = noon.Add(time.Duration(random.IntN(200)-100) * time.Hour)
			}
			user.Assignments = append(user.Assignments, a)
		}
		t.Users = append(t.Users, user)
	}
	return t
}

// noon is the instant at which tests and benchmarks ask.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// draw makes a book of tenants and questions about them, each with an object
// of its own: an owner, often an assignee, one department.
func draw(b *testing.B, tenants, users int) (*access.Book, []question) {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	book := &access.Book{}
	var policies []access.Tenant
	for i := range tenants {
		t := desk(random, fmt.Sprintf("tenant-%04d", i), users)
		s, err := access.Compile(access.BuiltIn(), t)
		if err != nil {
			b.Fatal(err)
		}
		book.Put(s)
		policies = append(policies, t)
	}
	questions := make([]question, drawn)
	for i := range questions {
		questions[i] = drawQuestion(random, book, policies[random.IntN(tenants)])
	}
	return book, questions
}

func drawQuestion(random *rand.Rand, book *access.Book, t access.Tenant) question {
	actions := []string{"read", "reply", "update", "take", "transfer", "assign", "monitor", "delete"}
	op := access.BuiltIn().MustOperation("conversation", actions[random.IntN(len(actions))])
	user := func() string { return t.Users[random.IntN(len(t.Users))].ID }
	q := question{tenant: t.ID, user: user(), resource: op.Resource(), action: op.Action()}
	q.op = op
	q.object = &access.Object{
		Tenant: t.ID, Resource: q.resource, ID: "c1", Assignable: true,
		Owners: []string{user()}, Departments: t.Users[random.IntN(len(t.Users))].Departments,
	}
	switch random.IntN(3) {
	case 0:
		q.object.Assignee = q.user
	case 1:
		q.object.Assignee = user()
	}
	q.subject, _ = book.Subject(q.tenant, q.user)
	return q
}

// sizes are the two that the speed of a check must not depend on.
var sizes = []struct{ tenants, users int }{{1, 1000}, {1000, 100}}

func eachSize(b *testing.B, run func(b *testing.B, book *access.Book, questions []question)) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("tenants=%d/users=%d", size.tenants, size.users), func(b *testing.B) {
			book, questions := draw(b, size.tenants, size.users)
			run(b, book, questions)
		})
	}
}

// perMapLookup asks for the same users in one bare map, and reports the time
// of the benchmark so far as a multiple: a figure that machines share.
func perMapLookup(b *testing.B, questions []question) {
	b.Helper()
	asked := b.Elapsed()
	users := map[string]int{}
	for i, q := range questions {
		users[q.user] = i
	}
	rounds, sum := max(b.N, drawn), 0
	start := time.Now()
	for i := range rounds {
		sum += users[questions[i%drawn].user]
	}
	bare := time.Since(start)
	if sum < 0 {
		b.Fatal("sum of indices overflowed")
	}
	b.ReportMetric(float64(bare.Nanoseconds())/float64(rounds), "map-ns/op")
	b.ReportMetric(float64(asked)/float64(b.N)/(float64(bare)/float64(rounds)), "×map")
}

func BenchmarkCheck(b *testing.B) {
	eachSize(b, func(b *testing.B, _ *access.Book, questions []question) {
		allowed, pairs := 0, pairs(questions)
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			q := &pairs[i%drawn]
			if q.subject.Check(q.op, q.object, noon).Allow {
				allowed++
			}
		}
		b.StopTimer()
		b.ReportMetric(100*float64(allowed)/float64(b.N), "%allowed")
		perMapLookup(b, questions)
	})
}

func BenchmarkCheckByNames(b *testing.B) {
	eachSize(b, func(b *testing.B, book *access.Book, questions []question) {
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			q := &questions[i%drawn]
			if _, err := book.Check(q.tenant, q.user, q.resource, q.action, q.object, noon); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		perMapLookup(b, questions)
	})
}

func BenchmarkHolds(b *testing.B) {
	eachSize(b, func(b *testing.B, _ *access.Book, questions []question) {
		pairs := pairs(questions)
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			q := &pairs[i%drawn]
			q.subject.Holds(q.op, access.Own, noon)
		}
		b.StopTimer()
		perMapLookup(b, questions)
	})
}

func BenchmarkCompile(b *testing.B) {
	t := desk(rand.New(rand.NewPCG(1, 2)), "tenant", 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := access.Compile(access.BuiltIn(), t); err != nil {
			b.Fatal(err)
		}
	}
}

// holders is how many of many users have the role that a benchmark changes.
var holders = []int{10, 50_000}

// many is a desk of many users, of whom so many hold the role "held".
func many(users, holders int) *access.Snapshot {
	t := desk(rand.New(rand.NewPCG(1, 2)), "tenant", users)
	t.Roles = append(t.Roles, held("conversation:read:department"))
	for i := range holders {
		u := &t.Users[i*(users/holders)]
		u.Assignments = append(u.Assignments, access.Assignment{ID: "held", Role: "held"})
	}
	return must(access.Compile(access.BuiltIn(), t))
}

func held(permission string) access.Role {
	return access.Role{Name: "held", Active: true, Permissions: []access.Permission{access.MustParse(permission)}}
}

func BenchmarkWith(b *testing.B) {
	const users = 100_000
	for _, holders := range holders {
		s := many(users, holders)
		b.Run(fmt.Sprintf("users=%d/role/holders=%d", users, holders), func(b *testing.B) {
			next := s
			for i := 0; b.Loop(); i++ {
				next = must(next.With(access.Change{Roles: []access.Role{held([]string{"call:barge", "call:read"}[i%2])}}))
			}
		})
		if holders == 10 {
			b.Run(fmt.Sprintf("users=%d/user", users), func(b *testing.B) {
				next := s
				for i := 0; b.Loop(); i++ {
					u := access.User{ID: fmt.Sprintf("tenant-u%04d", i%users), Active: i%2 == 0}
					next = must(next.With(access.Change{Users: []access.User{u}}))
				}
			})
		}
	}
}
