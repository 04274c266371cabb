package main

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/server"
)

// offerSetUp prints, where nothing is set up yet, the link alone on standard output and what to do with
// it beside.
func (c serveCommand) offerSetUp(ctx context.Context, std streams, program *server.Server, file string) error {
	link, until, err := program.Platform.OfferSetUp(ctx)
	if err != nil || link == "" {
		return err
	}
	fmt.Fprintln(std.out, link)
	if file != "" {
		file = ", also in " + file
	}
	_, err = fmt.Fprintf(std.err, firstSteps, file, until.Local().Format("15:04 MST"), c.URL, link)
	return err
}

// firstSteps takes where the link lies besides, until when it is good, the public address and the link.
const firstSteps = `Nothing is set up here yet. This link%[1]s, is good once, until %[2]s. It makes the first tenant and its administrator. Open it in a browser, or make these calls:

  curl -s %[3]s/v1/setup -H 'Content-Type: application/json' -d '{"secret": "%[4]s",
    "tenant": "acme", "username": "zhou", "password": "…"}'

The answer holds a challenge. With it the administrator sets up a second factor and signs in:

  curl -s %[3]s/v1/auth/login/enrol -H 'Content-Type: application/json' -d '{"challenge": "…"}'
  curl -s %[3]s/v1/auth/login/otp -H 'Content-Type: application/json' -d '{"challenge": "…", "code": "123456"}'

The first answer has the secret for an authenticator; usher totp SECRET prints a code as well. When the link is no longer good,
start usher serve again. From a terminal, usher init does the same.

`
