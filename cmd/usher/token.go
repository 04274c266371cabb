package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/session"
)

type tokenCommands struct {
	Verify tokenVerifyCommand `cmd:"" help:"Tell whether an access token is good, and if not, why."`
}

type tokenVerifyCommand struct {
	JWKS     string     `name:"jwks" required:"" placeholder:"FILE" help:"JWK set with the public keys, as served at /.well-known/jwks.json."`
	Issuer   string     `required:"" placeholder:"URL" help:"Who must have issued the token: the public address of the server."`
	Audience string     `required:"" placeholder:"NAME" help:"Whom the token must be for; tokens of Usher are for usher."`
	Now      *time.Time `env:"USHER_TOKEN_VERIFY_NOW" placeholder:"TIME" help:"Moment to judge the token at, as in 2026-11-21T09:00:00Z (default: now)."`
	Token    *string    `arg:"" optional:"" help:"The token (default: standard input)."`
}

// Help is the example that --help shows.
func (tokenVerifyCommand) Help() string {
	return `Prints accept, with exit code 0, or reject and the reason, with exit code 1; without a verdict standard output stays empty. It asks no server and no database: a session that has ended, or a user who was disabled, does not show in a token.

From standard input one final newline is removed and nothing else. An EC key with its private half, or two keys with one kid, make the set an error; keys that cannot verify ES256 are passed over.

Examples:

  curl -s https://desk.example/.well-known/jwks.json > jwks.json
  usher token verify --jwks jwks.json --issuer https://desk.example --audience usher < token
  usher token verify --jwks jwks.json --issuer https://desk.example --audience usher --now 2026-11-21T09:00:00Z "$TOKEN"`
}

// Run prints the verdict alone on standard output.
func (c tokenVerifyCommand) Run(ctx context.Context, std streams) error {
	verifier, err := c.verifier()
	if err != nil {
		return err
	}
	token, err := c.token(ctx, std)
	if err != nil {
		return err
	}
	_, err = verifier.Verify(token)
	return tellVerdict(std, err)
}

func (c tokenVerifyCommand) verifier() (*session.Verifier, error) {
	if c.Issuer == "" || c.Audience == "" {
		return nil, errUsage{errors.New("--issuer and --audience must not be empty: a token of any would do")}
	}
	text, err := os.ReadFile(c.JWKS)
	if err != nil {
		return nil, err
	}
	keys, err := session.ReadJWKS(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.JWKS, err)
	}
	v := &session.Verifier{Issuer: c.Issuer, Audience: c.Audience, Keys: keys}
	if c.Now != nil {
		v.Now = func() time.Time { return *c.Now }
	}
	return v, nil
}

// token takes an empty argument for an empty token, so that a variable that is not set asks nobody at a terminal.
func (c tokenVerifyCommand) token(ctx context.Context, std streams) (string, error) {
	if c.Token != nil {
		return *c.Token, nil
	}
	return readTokenFrom(ctx, std.in)
}

// tokenText is what standard input held.
type tokenText struct {
	text []byte
	err  error
}

// readTokenFrom reads no more than the longest token and two bytes, which are too many with a newline too. Reading
// cannot be interrupted, so that an interruption leaves the reader behind.
func readTokenFrom(ctx context.Context, in io.Reader) (string, error) {
	read := make(chan tokenText, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(in, session.MaxToken+2))
		read <- tokenText{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", errInterrupted
	case t := <-read:
		return strings.TrimSuffix(string(t.text), "\n"), t.err
	}
}

// tellVerdict tells what came of a token. Its reason holds a name at most, and nothing else that the token says.
func tellVerdict(std streams, err error) error {
	var refusal *session.TokenError
	switch {
	case err == nil:
		_, err = fmt.Fprintln(std.out, "accept")
		return err
	case !errors.As(err, &refusal):
		return err
	}
	verdict := "reject " + string(refusal.Reason)
	if refusal.Name != "" {
		verdict += " " + refusal.Name
	}
	if _, err := fmt.Fprintln(std.out, verdict); err != nil {
		return err
	}
	return errSilent
}
