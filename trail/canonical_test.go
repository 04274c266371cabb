package trail_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/trail"
)

// canonical is RFC 8785 for objects, arrays, strings and integers once more, written from the text of the RFC and
// sharing nothing with the package: any JSON in, the canonical form out.
func canonical(t rapid.TB, in []byte) string {
	dec := json.NewDecoder(strings.NewReader(string(in)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%q is not JSON: %v", in, err)
	}
	return write(v)
}

func write(v any) string {
	var parts []string
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		for _, name := range names {
			parts = append(parts, quote(name)+":"+write(v[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, write(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case string:
		return quote(v)
	}
	return fmt.Sprint(v)
}

func quote(s string) string {
	short := map[rune]string{'\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`, '"': `\"`, '\\': `\\`}
	var b strings.Builder
	for _, r := range s {
		switch e, ok := short[r]; {
		case ok:
			b.WriteString(e)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

func TestEncodeParseEncodeIsTheIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t)
		b, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if c := canonical(t, b); c != string(b) {
			t.Fatalf("encoded\n%s\ncanonical\n%s", b, c)
		}
		back, err := trail.Parse(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		again, err := back.Encode()
		if err != nil || string(again) != string(b) {
			t.Fatalf("encoded\n%s\nthen\n%s\n%v", b, again, err)
		}
	})
}

// A record is what its bytes say: two that differ in a field never have the same bytes.
func TestFlippedBitsAreNeverTheSameRecord(t *testing.T) {
	b, err := roleUpdate(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		for bit := range 8 {
			flipped := slices.Clone(b)
			flipped[i] ^= 1 << bit
			if r, err := trail.Parse(flipped); err == nil {
				if again, _ := r.Encode(); string(again) == string(b) {
					t.Fatalf("bit %d of byte %d changes nothing", bit, i)
				}
			}
		}
	}
}

var (
	anyText  = rapid.StringN(1, 40, 120)
	anyName  = rapid.StringMatching(`[a-z][a-z0-9_.-]{0,20}`)
	anyTerms = rapid.SliceOfN(rapid.StringMatching(`[a-zA-Z*][a-zA-Z0-9_:*-]{0,20}`), 0, 4)
	anyTexts = rapid.SliceOfN(anyText, 0, 5)
	anyRef   = rapid.Custom(func(t *rapid.T) trail.Ref {
		return trail.Ref{Type: anyName.Draw(t, "type"), ID: anyText.Draw(t, "id")}
	})
	anyNumber = rapid.Int64Range(0, 1<<53-1)
)

func drawRecord(t *rapid.T) trail.Record {
	return trail.Record{
		ID:      rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`).Draw(t, "id"),
		Log:     rapid.StringMatching(`[a-z.:0-9]{1,30}/audit/[a-z0-9-]{1,36}`).Draw(t, "log"),
		Time:    time.UnixMicro(rapid.Int64Range(0, 250_000_000_000_000_000).Draw(t, "time")),
		Actor:   drawActor(t),
		Action:  drawAction(t),
		Target:  rapid.SliceOfN(anyRef, 0, 5).Draw(t, "targets"),
		Change:  drawChange(t),
		Context: drawContext(t),
		Outcome: trail.Outcome{
			Result: rapid.SampledFrom([]trail.Result{trail.Success, trail.Failure, trail.Unknown}).Draw(t, "result"),
			Code:   rapid.IntRange(0, 5000).Draw(t, "code"),
			Reason: anyName.Draw(t, "reason"),
			MS:     anyNumber.Draw(t, "ms"),
			N:      anyNumber.Draw(t, "n"),
		},
	}
}

func drawActor(t *rapid.T) trail.Actor {
	a := trail.Actor{Type: rapid.SampledFrom([]trail.ActorType{
		trail.User, trail.Application, trail.Platform, trail.System, trail.Anonymous}).Draw(t, "actor")}
	if a.Type == trail.Anonymous {
		return a
	}
	a.ID = anyText.Draw(t, "actor id")
	a.Roles = anyTexts.Draw(t, "roles")
	a.SID = rapid.StringN(0, 40, 120).Draw(t, "sid")
	a.AMR = anyTexts.Draw(t, "amr")
	if rapid.Bool().Draw(t, "for somebody") {
		ref := anyRef.Draw(t, "for")
		a.For = &ref
	}
	return a
}

func drawAction(t *rapid.T) trail.Action {
	return trail.Action{
		Op:         rapid.SampledFrom([]trail.Op{trail.HTTP, trail.WS, trail.Job, trail.CLI}).Draw(t, "op"),
		Method:     anyText.Draw(t, "method"),
		Route:      "/" + rapid.StringMatching(`[a-z/{}]{0,40}`).Draw(t, "route"),
		Event:      anyName.Draw(t, "resource") + "." + anyName.Draw(t, "verb"),
		Permission: rapid.SampledFrom([]string{"", "*", "role:update:all"}).Draw(t, "permission"),
		StepUp:     rapid.SampledFrom([]trail.StepUp{"", trail.StepUpNone, trail.StepUpFresh}).Draw(t, "step-up"),
		Policy:     rapid.StringN(0, 40, 120).Draw(t, "policy"),
	}
}

func drawChange(t *rapid.T) (c trail.Change) {
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		field := anyName.Draw(t, "field")
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			c.Names(field)
		case 1:
			before, after := anyTerms.Draw(t, "old"), anyTerms.Draw(t, "new")
			if rapid.Bool().Draw(t, "no old value") {
				before = nil
			}
			c.Values(field, before, after)
		case 2:
			c.Committed(field, "", drawCommitment(t, "change."+field+".new"))
		}
	}
	return c
}

func drawContext(t *rapid.T) trail.Context {
	c := trail.Context{
		Tenant:  anyText.Draw(t, "tenant"),
		Request: anyText.Draw(t, "request"),
		Node:    anyText.Draw(t, "node"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "personal fields") {
		if c.Personal == nil {
			c.Personal = map[string]trail.Commitment{}
		}
		field := anyName.Draw(t, "field")
		c.Personal[field] = drawCommitment(t, "context.personal."+field)
	}
	return c
}

func drawCommitment(t *rapid.T, field string) trail.Commitment {
	c, err := trail.Commit(trail.NewSalt(), origin, recordID, field, anyText.Draw(t, "value"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func BenchmarkEncode(b *testing.B) {
	r := roleUpdate(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}
