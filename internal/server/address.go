package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/usher-desk/usher/internal/session"
)

// ErrAddress says that a public address is not one that Usher can stand under.
var ErrAddress = errors.New("the public address must be of the form https://desk.example")

// publicAddress checks the address that issuer, links, cookies and the names of trails follow from.
// Its text is not repeated in errors: it may hold a password.
func publicAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || !validPort(u.Port()):
		return nil, fmt.Errorf("%w, or with a port: https://desk.example:8443", ErrAddress)
	case u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, fmt.Errorf("%w: scheme, host and port alone", ErrAddress)
	case u.Scheme == "http" && !session.Loopback(u.Hostname()):
		return nil, fmt.Errorf("%w: over http everybody on the way could read passwords; say with --url what people type", ErrAddress)
	}
	return u, nil
}

func validPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// addressFact is where the installation remembers its public address.
const addressFact = "public_address"

// Address decides the public address: the given one, which the installation remembers from then on,
// or else the remembered one; "" when there is none. changed is the one that was remembered before,
// when another is given. It cannot change while another node serves under it.
func (i *Installation) Address(ctx context.Context, given string) (address, changed string, err error) {
	given = strings.TrimSuffix(given, "/")
	known, err := i.DB.Fact(ctx, addressFact)
	if err != nil || given == "" || given == known {
		return known, "", err
	}
	if _, err := publicAddress(given); err != nil {
		return "", "", err
	}
	if err := i.Only(ctx); err != nil {
		return "", "", fmt.Errorf("the public address is %s and changes when nobody serves under it: %w", known, err)
	}
	return given, known, i.DB.PutFact(ctx, addressFact, given)
}
