package policy_test

import (
	"cmp"
	"strings"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// move is a call of one of the rivals. Names in braces stand for the ids of users and departments, which
// differ between tenants of one plan.
type move struct {
	by, method, path, body string
	versioned              bool   // it is meant for the version that stood when the round began
	ask                    string // of which preview it sends the digest; "" for none
}

// collisions are, for each guard rail and each way around one, calls that cannot both be what their callers think,
// or that go to the same place. A is root or chief, B the other; C is one of the three.
var collisions = map[string][][2]move{
	theLast: {
		{{by: "A", method: "POST", path: "/v1/users/{B}/disable"}, {by: "B", method: "POST", path: "/v1/users/{A}/disable"}},
		{{by: "A", method: "DELETE", path: "/v1/users/{B}", versioned: true}, {by: "B", method: "POST", path: "/v1/users/{A}/disable"}},
		{roles("A", "B", `[]`, `["admin"]`), lists("B", "A", `[]`)},
		{{by: "A", method: "POST", path: "/v1/roles/admin/deactivate"}, lists("B", "A", `null`)},
		{{by: "B", method: "POST", path: "/v1/roles/admin/deactivate"}, lists("A", "B", `null`)},
		{lists("A", "B", `["knowledge:read"]`), roles("B", "A", `[]`, `["admin"]`)},
	},
	"nobody grants what they lack": {
		{roles("A", "clerk", `[]`, `["clerk"]`), roles("clerk", "ann", `["helper"]`, `[]`)},
		{edit("A", "clerk", `["tag:read"]`), edit("clerk", "helper", `["tag:read","knowledge:read"]`)},
		{edit("A", "helper", `["conversation:export"]`), roles("clerk", "ann", `["helper"]`, `[]`)},
		{edit("A", "spare", `["*"]`), {by: "clerk", method: "POST", path: "/v1/roles/spare/clone", body: `{"name":"copy"}`}},
		{{by: "A", method: "PATCH", path: "/v1/departments/{south}", body: `{"parent":"{north}"}`, versioned: true}, roles("clerk", "bob", `["helper"]`, `["payer"]`)},
		{lists("A", "clerk", `[]`), {by: "clerk", method: "POST", path: "/v1/users", body: `{"username":"eve","roles":["helper"]}`}},
	},
	"nobody changes their own access": {
		{roles("clerk", "clerk", `["spare"]`, `[]`), roles("A", "clerk", `["admin"]`, `[]`)},
		{lists("A", "A", `["knowledge:read"]`), roles("B", "A", `[]`, `["spare"]`)},
		{{by: "clerk", method: "PATCH", path: "/v1/users/{clerk}", body: `{"departments":["{south}"]}`, versioned: true},
			{by: "A", method: "PATCH", path: "/v1/departments/{south}", body: `{"parent":"{north}"}`, versioned: true}},
		{{by: "A", method: "POST", path: "/v1/users/{A}/disable"}, {by: "B", method: "POST", path: "/v1/users/{A}/enable"}},
		{imports("A", "assignments", "username,role\nroot,spare\nchief,spare\n"), roles("B", "ann", `["spare"]`, `[]`)},
	},
	"nobody touches who is stronger": {
		{roles("A", "ann", `["admin"]`, `[]`), {by: "clerk", method: "POST", path: "/v1/users/{ann}/disable"}},
		{lists("A", "ann", `["*"]`), roles("clerk", "ann", `[]`, `["helper","payer"]`)},
		{edit("A", "helper", `["*"]`), {by: "clerk", method: "POST", path: "/v1/roles/helper/deactivate"}},
		{{by: "A", method: "POST", path: "/v1/users/{clerk}/disable"}, {by: "clerk", method: "DELETE", path: "/v1/users/{bob}", versioned: true}},
	},
	"roles exclude each other": {
		{roles("A", "ann", `["payer"]`, `[]`), roles("B", "ann", `["approver"]`, `[]`)},
		{excludes("A", "two", `["helper","payer"]`), roles("B", "bob", `["payer"]`, `[]`)},
		{{by: "A", method: "PATCH", path: "/v1/exclusions/apart", body: `{"roles":["helper","payer"]}`, versioned: true}, roles("C", "bob", `["payer"]`, `[]`)},
		{{by: "A", method: "DELETE", path: "/v1/exclusions/apart", versioned: true}, roles("B", "ann", `["payer","approver"]`, `[]`)},
		{excludes("A", "two", `["payer","user"]`), {by: "B", method: "POST", path: "/v1/users", body: `{"username":"eve","roles":["payer","user"]}`}},
		{imports("A", "assignments", "username,role\nann,payer\n"), roles("B", "ann", `["approver"]`, `[]`)},
	},
	"a role that is in use stays": {
		{{by: "A", method: "DELETE", path: "/v1/roles/spare", versioned: true}, roles("B", "ann", `["spare"]`, `[]`)},
		{{by: "A", method: "DELETE", path: "/v1/roles/spare", versioned: true}, excludes("B", "two", `["spare","payer"]`)},
		{{by: "A", method: "DELETE", path: "/v1/roles/spare", versioned: true}, imports("B", "assignments", "username,role\nbob,spare\n")},
		{edit("A", "spare", `["report:read"]`), imports("B", "roles", "name,permissions\nspare,tag:read tag:update\n")},
		{{by: "A", method: "POST", path: "/v1/roles", body: `{"name":"new","permissions":[]}`}, {by: "B", method: "POST", path: "/v1/roles/helper/clone", body: `{"name":"new"}`}},
	},
	"the default role grants": {
		{settings("A", `{"default_role":"helper"}`), {by: "B", method: "POST", path: "/v1/roles/helper/deactivate"}},
		{settings("A", `{"default_role":"spare"}`), {by: "B", method: "DELETE", path: "/v1/roles/spare", versioned: true}},
		{settings("A", `{"default_role":"payer"}`), {by: "clerk", method: "POST", path: "/v1/users", body: `{"username":"eve"}`}},
		{settings("C", `{"default_role":"helper"}`), edit("A", "helper", `["*"]`)},
	},
	"the forest has no circle": {
		{{by: "A", method: "PATCH", path: "/v1/departments/{north}", body: `{"parent":"{south}"}`, versioned: true},
			{by: "B", method: "PATCH", path: "/v1/departments/{south}", body: `{"parent":"{below}"}`, versioned: true}},
		{{by: "A", method: "DELETE", path: "/v1/departments/{south}", versioned: true},
			{by: "B", method: "POST", path: "/v1/departments", body: `{"name":"under","parent":"{south}"}`}},
		{{by: "A", method: "DELETE", path: "/v1/departments/{below}", versioned: true},
			{by: "B", method: "PATCH", path: "/v1/users/{ann}", body: `{"departments":["{below}"]}`, versioned: true}},
		{{by: "A", method: "DELETE", path: "/v1/departments/{below}", versioned: true}, roles("B", "ann", `[{"role":"helper","departments":["{below}"]}]`, `[]`)},
	},
	"who is away gets nothing by mistake": {
		{{by: "A", method: "POST", path: "/v1/users/{gone}/enable"}, roles("B", "gone", `["admin"]`, `[]`)},
		{{by: "clerk", method: "POST", path: "/v1/users/{gone}/enable"}, roles("B", "gone", `["admin"]`, `[]`)},
		{{by: "A", method: "DELETE", path: "/v1/users/{ann}", versioned: true}, roles("B", "ann", `["helper"]`, `[]`)},
		{{by: "A", method: "POST", path: "/v1/users/{ann}/disable"}, {by: "B", method: "POST", path: "/v1/users/{ann}/enable"}},
	},
	"a list stands beside the roles": {
		{lists("A", "ann", `["knowledge:read"]`), roles("B", "ann", `["payer"]`, `[]`)},
		{lists("A", "ann", `["knowledge:read"]`), imports("B", "assignments", "username,role\nann,spare\n")},
		{lists("A", "ann", `null`), lists("B", "ann", `[]`)},
	},
	"nobody has more roles than the limit": {
		{roles("A", "ann", `["helper","spare"]`, `[]`), roles("B", "ann", `["payer","user"]`, `[]`)},
		{settings("A", `{"max_roles_per_user":1}`), roles("B", "bob", `["payer","spare"]`, `[]`)},
	},
	"many at once and one": {
		{{by: "A", method: "POST", path: "/v1/users/roles", body: `{"users":["{ann}","{bob}","{gone}"],"give":["spare"]}`},
			{by: "B", method: "PUT", path: "/v1/users/{bob}/roles", body: `{"roles":["payer"]}`, versioned: true}},
		{{by: "A", method: "POST", path: "/v1/users/roles", body: `{"users":["{ann}","{bob}"],"take":["helper"]}`}, edit("B", "helper", `["report:read"]`)},
		{imports("A", "users", "username,roles\neve,helper\n"), {by: "B", method: "POST", path: "/v1/users", body: `{"username":"Eve"}`}},
	},
}

func roles(by, of, give, take string) move {
	return move{by: by, method: "POST", path: "/v1/users/roles", body: `{"users":["{` + of + `}"],"give":` + give + `,"take":` + take + `}`}
}

func lists(by, of, permissions string) move {
	return move{by: by, method: "PUT", path: "/v1/users/{" + of + "}/permission-list", body: `{"permission_list":` + permissions + `}`, versioned: true}
}

func edit(by, role, permissions string) move {
	body := `{"permissions":` + permissions + `}`
	return move{by: by, method: "PATCH", path: "/v1/roles/" + role, body: body, versioned: true, ask: `{"edit":` + body + `}`}
}

func excludes(by, name, of string) move {
	return move{by: by, method: "POST", path: "/v1/exclusions", body: `{"name":"` + name + `","roles":` + of + `}`}
}

func settings(by, body string) move {
	return move{by: by, method: "PATCH", path: "/v1/settings", body: body, versioned: true}
}

func imports(by, table, rows string) move {
	return move{by: by, method: "POST", path: "/v1/imports/" + table, body: rows}
}

// drawRound draws two calls that collide at a guard rail and, now and then, a third one.
func drawRound(rt *rapid.T, rail string) []move {
	drawn := rapid.SampledFrom(collisions[rail]).Draw(rt, "collision")
	round := drawn[:]
	if rapid.IntRange(0, 3).Draw(rt, "third") == 0 {
		other := rapid.SampledFrom(rails).Draw(rt, "other rail")
		round = append(round, rapid.SampledFrom(collisions[other]).Draw(rt, "other collision")[0])
	}
	a, b := "root", "chief"
	if rapid.Bool().Draw(rt, "swapped") {
		a, b = b, a
	}
	c := rapid.SampledFrom([]string{"root", "chief", "clerk"}).Draw(rt, "c")
	cast := strings.NewReplacer("{A}", "{"+a+"}", "{B}", "{"+b+"}")
	for i, m := range round {
		round[i].by = strings.NewReplacer("A", a, "B", b, "C", c).Replace(m.by)
		round[i].path, round[i].body = cast.Replace(m.path), cast.Replace(m.body)
	}
	return round
}

// prepared is a move with what its caller knew before the round.
type prepared struct {
	by                 *servertest.Client
	method, path, body string
	headers            []string
}

func (r *rivals) prepare(m move) prepared {
	p := prepared{r.clients[m.by], m.method, r.named(m.path), r.named(m.body), nil}
	if strings.HasPrefix(m.path, "/v1/imports/") {
		p.headers = append(p.headers, "Content-Type", "text/csv")
	}
	if m.versioned {
		p.headers = append(p.headers, "If-Match", cmp.Or(p.by.Do("GET", p.path, nil).ETag(), `"1"`))
	}
	if m.ask != "" {
		seen := p.by.Do("POST", p.path+"/preview", r.named(m.ask)).String("digest")
		p.headers = append(p.headers, "If-Preview", `"`+cmp.Or(seen, "p1-nothing")+`"`)
	}
	return p
}

func (p prepared) do() *servertest.Answer {
	var body any
	if p.body != "" {
		body = p.body
	}
	return p.by.Do(p.method, p.path, body, p.headers...)
}

// named puts ids in the place of names.
func (r *rivals) named(text string) string {
	for id, name := range r.names {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return text
}
