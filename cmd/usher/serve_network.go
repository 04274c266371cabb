package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/usher-desk/usher/internal/session"
)

// networkFlags say how the server is reached.
type networkFlags struct {
	Listen       string         `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to listen on (default: ${default})."`
	URL          string         `name:"url" placeholder:"URL" help:"Public address, such as https://desk.example; remembered (default: the one remembered, else the address listened on)."`
	TLSCert      string         `name:"tls-cert" placeholder:"FILE" help:"Certificate with its chain (PEM), where Usher itself speaks TLS. Read again when it changes."`
	TLSKey       string         `name:"tls-key" placeholder:"FILE" help:"Private key of the certificate (PEM)."`
	TrustedProxy []netip.Prefix `placeholder:"CIDR" help:"Networks of the proxies in front, such as 10.0.0.0/8: their X-Forwarded-For and X-Forwarded-Proto count, those of others are ignored."`
	AdminListen  string         `placeholder:"ADDR" help:"Address for metrics and health alone, without sign-in: 127.0.0.1:9090, or one that only your own machines reach (default: none)."`
}

// protection is what keeps others from reading what is said on the way to the server: its certificate; nil where a
// proxy in front, or being alone on the machine, does it. Without any of them it is refused to listen.
func (f networkFlags) protection() (*certificate, error) {
	host, _, err := net.SplitHostPort(f.Listen)
	switch {
	case err != nil:
		return nil, errUsage{fmt.Errorf("--listen: %w", err)}
	case (f.TLSCert == "") != (f.TLSKey == ""):
		return nil, errUsage{errors.New("--tls-cert and --tls-key come together")}
	case f.TLSCert != "":
		c, err := newCertificate(f.TLSCert, f.TLSKey)
		if err != nil {
			return nil, errUsage{err}
		}
		return c, nil
	case len(f.TrustedProxy) == 0 && !session.Loopback(host):
		return nil, errUsage{fmt.Errorf("--listen %s: over http everybody on the way could read passwords: give --tls-cert and --tls-key, "+
			"or name the proxy in front, which ends TLS, with --trusted-proxy", f.Listen)}
	}
	return nil, nil
}
