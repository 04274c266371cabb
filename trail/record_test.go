package trail_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/trail"
)

const (
	recordID = "01939a2b-7c40-7d11-8a63-5f0c2e9b4d17"
	tenantID = "01939a00-0000-7000-8000-000000000001"
	userID   = "01939a00-0000-7000-8000-00000000000a"
	origin   = "desk.example/audit/" + tenantID
)

// salt is fixed, as the golden files are.
var salt = bytes.Repeat([]byte{7}, trail.SaltSize)

func commit(t testing.TB, field, value string) trail.Commitment {
	t.Helper()
	c, err := trail.Commit(salt, origin, recordID, field, value)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// roleUpdate uses every field of the format.
func roleUpdate(t testing.TB) trail.Record {
	r := trail.Record{
		ID:   recordID,
		Log:  origin,
		Time: time.Date(2026, 3, 4, 5, 6, 7, 89_000, time.UTC),
		Actor: trail.Actor{
			Type: trail.Platform, ID: userID, Roles: []string{"platform_admin", "auditor"}, SID: "s-1",
			AMR: []string{"pwd", "otp"}, For: &trail.Ref{Type: "tenant", ID: tenantID},
		},
		Action: trail.Action{
			Op: trail.HTTP, Method: "PUT", Route: "/v1/roles/{name}", Event: "role.update",
			Permission: "role:update:all", StepUp: trail.StepUpFresh, Policy: "42",
		},
		Target: []trail.Ref{{Type: "role", ID: "lead"}, {Type: "user", ID: userID}},
		Context: trail.Context{
			Tenant: tenantID, Request: "req-1", Node: "n1",
			Personal: map[string]trail.Commitment{
				"user_agent": commit(t, "context.personal.user_agent", "curl/8"),
				"address":    commit(t, "context.personal.address", "192.0.2.1"),
			},
		},
		Outcome: trail.Outcome{Result: trail.Success, Code: 200, MS: 12, N: 1},
	}
	r.Change.Names("label")
	r.Change.Values("permissions", []string{"report:read:all"}, []string{"report:read:all", "call:barge:all", "call:barge:all"})
	r.Change.Values("permission_list", nil, []string{})
	r.Change.Committed("email", "", commit(t, "change.email.new", "a@desk.example"))
	return r
}

// refusal has as little as a record can have.
func refusal() trail.Record {
	return trail.Record{
		ID:      recordID,
		Log:     "desk.example/audit/platform",
		Time:    time.Date(2026, 12, 31, 23, 59, 59, 999_999_999, time.FixedZone("", 8*3600)),
		Actor:   trail.Actor{Type: trail.Anonymous},
		Action:  trail.Action{Op: trail.WS, Method: "connect", Route: "/v1/live", Event: "live.connect"},
		Context: trail.Context{Tenant: "platform", Request: "req-2", Node: "n1"},
		Outcome: trail.Outcome{Result: trail.Failure, Code: 401, Reason: "token_expired"},
	}
}

// hostile holds in each free string what breaks lines, quotes, pages and terminals.
func hostile() trail.Record {
	const s = "\x00\b\t\n\v\f\r\x1b\x1f\x7f\"\\/<>&'\u0085\u2028\u2029\ufeff\u202e😀引座"
	r := refusal()
	r.Log = origin
	r.Actor = trail.Actor{Type: trail.User, ID: s, Roles: []string{s}, SID: s, AMR: []string{s}, For: &trail.Ref{Type: "user", ID: s}}
	r.Action.Method, r.Action.Route, r.Action.Policy = s, s, s
	r.Target = []trail.Ref{{Type: "conversation", ID: s}}
	r.Context = trail.Context{Tenant: s, Request: s, Node: s}
	return r
}

// The golden files freeze version 1: a trail written years ago must still verify. Each holds the bytes of a record and,
// on a second line, their SHA-256. They are not made by a flag of the test; whoever changes one changes the format.
func TestGoldenRecords(t *testing.T) {
	for name, r := range map[string]trail.Record{
		"role_update": roleUpdate(t),
		"refusal":     refusal(),
		"hostile":     hostile(),
	} {
		t.Run(name, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join("testdata", name+".golden"))
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.Encode()
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(b)
			if got := string(b) + "\n" + hex.EncodeToString(sum[:]) + "\n"; got != string(want) {
				t.Errorf("encoded\n%s\nwant\n%s", got, want)
			}
			back, err := trail.Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := back.Encode(); err != nil || !bytes.Equal(again, b) {
				t.Errorf("parsed and encoded again: %s, %v", again, err)
			}
		})
	}
}

func TestHostileStringsStayOneLine(t *testing.T) {
	b, err := hostile().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b {
		if c < 0x20 {
			t.Fatalf("a control character %#x in %q", c, b)
		}
	}
}

func TestEncodeNamesTheFieldItRefuses(t *testing.T) {
	long := strings.Repeat("x", trail.MaxText+1)
	for field, spoil := range map[string]func(*trail.Record){
		"id":                       func(r *trail.Record) { r.ID = strings.ToUpper(r.ID) },
		"log":                      func(r *trail.Record) { r.Log = "desk.example/audit/a b" },
		"time":                     func(r *trail.Record) { r.Time = time.Time{} },
		"actor":                    func(r *trail.Record) { r.Actor.Type = trail.Anonymous },
		"actor.type":               func(r *trail.Record) { r.Actor.Type = "root" },
		"actor.id":                 func(r *trail.Record) { r.Actor.ID = "" },
		"actor.roles":              func(r *trail.Record) { r.Actor.Roles = make([]string, trail.MaxRoles+1) },
		"actor.roles[1]":           func(r *trail.Record) { r.Actor.Roles[1] = "" },
		"actor.sid":                func(r *trail.Record) { r.Actor.SID = "\xff" },
		"actor.amr[0]":             func(r *trail.Record) { r.Actor.AMR[0] = long },
		"actor.for.type":           func(r *trail.Record) { r.Actor.For.Type = "Tenant" },
		"actor.for.id":             func(r *trail.Record) { r.Actor.For.ID = "" },
		"action.op":                func(r *trail.Record) { r.Action.Op = "HTTP" },
		"action.method":            func(r *trail.Record) { r.Action.Method = "" },
		"action.route":             func(r *trail.Record) { r.Action.Route = "/v1/roles?token=x" },
		"action.event":             func(r *trail.Record) { r.Action.Event = "update" },
		"action.permission":        func(r *trail.Record) { r.Action.Permission = "role update" },
		"action.step_up":           func(r *trail.Record) { r.Action.StepUp = "stale" },
		"action.policy":            func(r *trail.Record) { r.Action.Policy = long },
		"target":                   func(r *trail.Record) { r.Target = make([]trail.Ref, trail.MaxTargets+1) },
		"target[1].type":           func(r *trail.Record) { r.Target[1].Type = "" },
		"target[0].id":             func(r *trail.Record) { r.Target[0].ID = long },
		"change.E":                 func(r *trail.Record) { r.Change.Names("E") },
		"change.name":              func(r *trail.Record) { r.Change.Values("name", nil, []string{"a@desk.example"}) },
		"change.phone":             func(r *trail.Record) { r.Change.Values("phone", []string{"13800000000"}, nil) },
		"change.email.new":         func(r *trail.Record) { r.Change.Committed("email", "", "a@desk.example") },
		"change.email.old":         func(r *trail.Record) { r.Change.Committed("email", "x", "") },
		"context.tenant":           func(r *trail.Record) { r.Context.Tenant = "" },
		"context.request":          func(r *trail.Record) { r.Context.Request = "" },
		"context.node":             func(r *trail.Record) { r.Context.Node = "" },
		"context.personal.address": func(r *trail.Record) { r.Context.Personal["address"] = "192.0.2.1" },
		"context.personal.a b":     func(r *trail.Record) { r.Context.Personal["a b"] = commit(t, "a b", "") },
		"change.a.new":             func(r *trail.Record) { c := commit(t, "", ""); r.Change.Committed("a", "", c[:8]+"\n"+c[8:]) },
		"outcome.result":           func(r *trail.Record) { r.Outcome.Result = "" },
		"outcome.reason":           func(r *trail.Record) { r.Outcome.Result = trail.Failure },
		"outcome.code":             func(r *trail.Record) { r.Outcome.Code = -1 },
		"outcome.ms":               func(r *trail.Record) { r.Outcome.MS = 1 << 53 },
		"outcome.n":                func(r *trail.Record) { r.Outcome.N = -1 },
	} {
		r := roleUpdate(t)
		spoil(&r)
		_, err := r.Encode()
		wantField(t, err, field)
	}
}

func TestEncodeRefusesIDsThatAreNoUUIDv7(t *testing.T) {
	for _, id := range []string{
		"", recordID[1:], recordID + "0", strings.Replace(recordID, "-", "", 1) + "0", strings.Replace(recordID, "-7d", "-4d", 1),
		strings.Replace(recordID, "-8", "-c", 1), strings.Replace(recordID, "-", "0", 1), "{" + recordID[2:] + "}", "g" + recordID[1:], "-" + recordID[1:],
	} {
		r := refusal()
		r.ID = id
		_, err := r.Encode()
		wantField(t, err, "id")
	}
}

func TestEncodeRefusesTimesThatRFC3339CannotWrite(t *testing.T) {
	for _, year := range []int{-1, 0, 10_000} {
		r := refusal()
		r.Time = time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		_, err := r.Encode()
		wantField(t, err, "time")
	}
	r := refusal()
	r.Time = time.Date(10_000, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600)) // still 9999 in UTC
	if _, err := r.Encode(); err != nil {
		t.Error(err)
	}
}

func TestEncodeRefusesARecordThatIsTooLarge(t *testing.T) {
	r := roleUpdate(t)
	r.Target = nil
	for range trail.MaxTargets {
		r.Target = append(r.Target, trail.Ref{Type: "conversation", ID: strings.Repeat("x", 140)})
	}
	_, err := r.Encode()
	wantField(t, err, "")
}

// The sizes a format promises are the largest that pass, not the smallest that fail.
func TestEncodeAcceptsTheBoundsThemselves(t *testing.T) {
	r := roleUpdate(t)
	r.Actor.SID = strings.Repeat("x", trail.MaxText)
	r.Actor.Roles, r.Target = nil, nil
	for i := range trail.MaxRoles {
		r.Actor.Roles = append(r.Actor.Roles, strings.Repeat("r", i+1))
	}
	for range trail.MaxTargets {
		r.Target = append(r.Target, trail.Ref{Type: "user", ID: userID})
	}
	b, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	r.Outcome.N = 1
	for i := range r.Target { // grow to exactly the largest record
		grow := min(trail.MaxRecord-len(b), trail.MaxText-len(userID))
		r.Target[i].ID += strings.Repeat("x", grow)
		if b, err = r.Encode(); err != nil {
			t.Fatal(err)
		}
	}
	if len(b) != trail.MaxRecord {
		t.Errorf("the largest record has %d bytes, want %d", len(b), trail.MaxRecord)
	}
}

func TestAnAnonymousActorSaysNothing(t *testing.T) {
	for name, a := range map[string]trail.Actor{
		"id":    {ID: userID},
		"roles": {Roles: []string{"admin"}},
		"sid":   {SID: "s-1"},
		"amr":   {AMR: []string{"pwd"}},
		"for":   {For: &trail.Ref{Type: "tenant", ID: tenantID}},
	} {
		r := refusal()
		a.Type = trail.Anonymous
		r.Actor = a
		if _, err := r.Encode(); err == nil {
			t.Errorf("an anonymous actor with %s was encoded", name)
		}
	}
}

// A job has nobody who asked, and so neither method, route nor request.
func TestAJobNeedsNoRequest(t *testing.T) {
	r := refusal()
	r.Actor = trail.Actor{Type: trail.System, ID: "retention"}
	r.Action = trail.Action{Op: trail.Job, Event: "retention.prune"}
	r.Context.Request = ""
	if _, err := r.Encode(); err != nil {
		t.Error(err)
	}
}
