package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/usher-desk/usher/internal/session"
)

// tokenBench is a signing key, its published set in a file, and a token that it signed.
type tokenBench struct {
	key     *session.SigningKey
	jwks    string
	token   string
	expires time.Time
}

func newTokenBench(t *testing.T) tokenBench {
	t.Helper()
	key, err := session.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(session.PublicKeys(key))
	if err != nil {
		t.Fatal(err)
	}
	b := tokenBench{key: key, jwks: filepath.Join(t.TempDir(), "jwks.json"), expires: time.Now().Add(time.Hour)}
	if err := os.WriteFile(b.jwks, set, 0o600); err != nil {
		t.Fatal(err)
	}
	b.token = b.issue(t)
	return b
}

func (b tokenBench) issue(t *testing.T) string {
	t.Helper()
	token, err := b.key.Issue(session.Claims{
		Issuer: "https://desk.example", Audience: []string{"usher"}, Subject: "u1", TenantID: "t1", SessionID: "s1", ID: "j1",
		IssuedAt: b.expires.Add(-2 * time.Hour), ExpiresAt: b.expires,
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// verify runs the command and returns what stands on each of its outputs.
func (b tokenBench) verify(in io.Reader, args ...string) (out, complaint string, code int) {
	var o, c bytes.Buffer
	args = append([]string{"token", "verify", "--jwks", b.jwks, "--issuer", "https://desk.example", "--audience", "usher"}, args...)
	code = run(context.Background(), args, streams{in, &o, &c})
	return o.String(), c.String(), code
}

func (b tokenBench) want(t *testing.T, name, verdict string, in io.Reader, args ...string) {
	t.Helper()
	wanted := exitFailed
	if verdict == "accept" {
		wanted = exitGood
	}
	if out, complaint, code := b.verify(in, args...); out != verdict+"\n" || complaint != "" || code != wanted {
		t.Errorf("%s: exit %d, %q, %q, want %s", name, code, out, complaint, verdict)
	}
}

var nobodyReads = iotest.ErrReader(errors.New("standard input was read"))

func TestTokenVerify(t *testing.T) {
	b, other := newTokenBench(t), newTokenBench(t)
	part := strings.Split(b.token, ".")
	for name, c := range map[string]struct{ verdict, token string }{
		"good":                  {"accept", b.token},
		"empty":                 {"reject malformed", ""},
		"a newline after it":    {"reject malformed", b.token + "\n"},
		"a dash":                {"reject malformed", "-"},
		"no signature":          {"reject malformed", part[0] + "." + part[1] + "."},
		"another's signature":   {"reject bad_signature", part[0] + "." + part[1] + "." + strings.Split(other.token, ".")[2]},
		"by a stranger":         {"reject unknown_key", other.token},
		"unsecured":             {"reject bad_header kid", "eyJhbGciOiJub25lIn0.e30.AA"},
		"too large":             {"reject too_large", b.token + strings.Repeat("A", session.MaxToken)},
		"claims of a list":      {"reject malformed", part[0] + ".W10." + part[2]},
		"an object of no claim": {"reject missing_claim iss", part[0] + ".e30." + part[2]},
	} {
		b.want(t, name, c.verdict, nobodyReads, "--", c.token)
	}
}

// Beyond one final newline nothing is forgiven, and nothing is read that could not matter.
func TestTokenVerifyReadsStandardInput(t *testing.T) {
	b := newTokenBench(t)
	long := strings.Repeat("A", session.MaxToken)
	for name, c := range map[string]struct{ verdict, text string }{
		"good":                     {"accept", b.token},
		"a newline after it":       {"accept", b.token + "\n"},
		"two newlines after it":    {"reject malformed", b.token + "\n\n"},
		"a carriage return":        {"reject malformed", b.token + "\r\n"},
		"a blank":                  {"reject malformed", b.token + " "},
		"a newline before it":      {"reject malformed", "\n" + b.token},
		"nothing":                  {"reject malformed", ""},
		"a newline":                {"reject malformed", "\n"},
		"the largest":              {"reject malformed", long},
		"the largest, a newline":   {"reject malformed", long + "\n"},
		"one too large":            {"reject too_large", long + "A"},
		"one too large, a newline": {"reject too_large", long + "A\n"},
		"two newlines too large":   {"reject too_large", long + "\n\n"},
	} {
		b.want(t, name, c.verdict, strings.NewReader(c.text))
	}
	b.want(t, "endless", "reject too_large", io.MultiReader(strings.NewReader(long+"AA"), nobodyReads))
}

func TestTokenVerifyAtAMoment(t *testing.T) {
	b := newTokenBench(t)
	for after, verdict := range map[time.Duration]string{
		-3 * time.Hour:   "reject not_yet_valid",
		-1 * time.Hour:   "accept",
		20 * time.Second: "accept", // clocks differ
		time.Minute:      "reject expired",
	} {
		b.want(t, after.String(), verdict, nobodyReads, "--now", b.expires.Add(after).Format(time.RFC3339), b.token)
	}
}

// Without a verdict there is nothing on standard output.
func TestTokenVerifyWithoutAVerdict(t *testing.T) {
	b := newTokenBench(t)
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"keys":[],"keys":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{exitUsage, "must not be empty", []string{"--issuer", "", b.token}},
		{exitUsage, "must not be empty", []string{"--audience", "", b.token}},
		{exitUsage, "--now", []string{"--now", "noon", b.token}},
		{exitUsage, "unexpected argument", []string{b.token, b.token}},
		{exitUsage, "unknown flag", []string{"--key", "k", b.token}},
		{exitFailed, "missing.json", []string{"--jwks", filepath.Join(t.TempDir(), "missing.json"), b.token}},
		{exitFailed, "two names", []string{"--jwks", broken, b.token}},
		{exitFailed, "standard input was read", nil},
	} {
		out, complaint, code := b.verify(nobodyReads, c.args...)
		if code != c.code || out != "" || !strings.HasPrefix(complaint, "usher: ") || !strings.Contains(complaint, c.want) {
			t.Errorf("%v: exit %d, %q, %q", c.args, code, out, complaint)
		}
	}
	if text, code := output([]string{"token", "verify"}); code != exitUsage || !strings.Contains(text, "missing flags: --") {
		t.Errorf("exit %d, %q", code, text)
	}
}

// Who waits at a terminal can leave.
func TestTokenVerifyInterrupted(t *testing.T) {
	b := newTokenBench(t)
	ctx, interrupt := context.WithCancel(t.Context())
	in, typed := io.Pipe()
	defer typed.Close()
	interrupt()
	var out, complaint bytes.Buffer
	code := run(ctx, []string{"token", "verify", "--jwks", b.jwks, "--issuer", "i", "--audience", "a"}, streams{in, &out, &complaint})
	if code != exitFailed || out.Len() > 0 || !strings.Contains(complaint.String(), "interrupted") {
		t.Errorf("exit %d, %q, %q", code, &out, &complaint)
	}
}
