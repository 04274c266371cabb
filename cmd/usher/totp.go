package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/usher-desk/usher/internal/identity"
)

type totpCommand struct {
	Secret string `arg:"" help:"The secret of the second factor, in base32, or - to read it from standard input."`
}

// Help is the example that --help shows.
func (totpCommand) Help() string {
	return `Prints the six digits that an authenticator with this secret shows now: for the demonstration and for trying things out. A command line is seen by everybody on the machine and remembered by the shell, so give a secret that matters on standard input.

Examples:

  usher totp JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
  usher totp - < secret`
}

// Run prints the code alone.
func (c totpCommand) Run(std streams) error {
	secret, err := c.secret(std.in)
	if err != nil {
		return err
	}
	code, err := identity.FactorCode(secret, time.Now())
	if err != nil {
		return errUsage{err}
	}
	_, err = fmt.Fprintln(std.out, code)
	return err
}

func (c totpCommand) secret(in io.Reader) (string, error) {
	if c.Secret != "-" {
		return c.Secret, nil
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil // the last line need not end
	}
	return line, err
}
