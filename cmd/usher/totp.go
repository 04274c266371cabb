package main

import (
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/identity"
)

type totpCommand struct {
	Secret string `arg:"" help:"The secret of the second factor, in base32."`
}

// Help is the example that --help shows.
func (totpCommand) Help() string {
	return `Prints the six digits that an authenticator with this secret shows now: for the demonstration and for trying things out. A command line is seen by everybody on the machine and remembered by the shell, so the secret of a real second factor belongs in an authenticator.

Example:

  usher totp JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP`
}

// Run prints the code alone.
func (c totpCommand) Run(std streams) error {
	code, err := identity.FactorCode(c.Secret, time.Now())
	if err != nil {
		return errUsage{err}
	}
	_, err = fmt.Fprintln(std.out, code)
	return err
}
