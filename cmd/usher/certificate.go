package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// certificate is what the server shows of itself. Its files are read again when they change, so that a renewed
// one needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex // guards what follows
	shown  *tls.Certificate
	times  [2]time.Time // at which the files were last changed
	looked time.Time
}

// lookAgain is how long files are taken to be as they were.
const lookAgain = 10 * time.Second

func newCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key, looked: time.Now()}
	if err := c.read(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(), nil }}
}

// current keeps to the old one when the new one cannot be read: half of it may be written yet.
func (c *certificate) current() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < lookAgain {
		return c.shown
	}
	c.looked = time.Now()
	if c.changed() == c.times {
		return c.shown
	}
	if err := c.read(); err != nil {
		slog.Error("the certificate has changed and cannot be used; the former one is shown", "cause", err)
	}
	return c.shown
}

func (c *certificate) read() error {
	times := c.changed()
	shown, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	c.shown, c.times = &shown, times
	return nil
}

// changed is when the files were last changed; the zero time of one that is not there.
func (c *certificate) changed() (times [2]time.Time) {
	for i, path := range []string{c.cert, c.key} {
		if info, err := os.Stat(path); err == nil {
			times[i] = info.ModTime()
		}
	}
	return times
}

// secured has a listener speak TLS, where there is a certificate. Connections are HTTP/1.1: WebSockets want it.
func secured(l net.Listener, c *certificate) net.Listener {
	if c == nil {
		return l
	}
	return tls.NewListener(l, c.config())
}
