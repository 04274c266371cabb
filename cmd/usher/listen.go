package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// errLost ends a node that no longer has the right to serve.
var errLost = errors.New("this node was silent for so long that others took it for dead; stopping")

// How long running requests may take to end. A node that has lost its right to serve can do nothing for them: the
// database takes no more of its transactions.
const (
	drain         = 10 * time.Second
	drainWhenLost = time.Second
)

// program is what is served.
type program interface {
	http.Handler
	Drain() // has requests end that only wait
}

// listen serves until the context ends or the right to serve is lost, and lets running requests end.
func listen(ctx context.Context, std streams, listener net.Listener, handler program, lost <-chan struct{}) error {
	var silent silence
	s := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // where no operation sets a shorter one
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
		ConnState:         silent.watch,
	}
	s.RegisterOnShutdown(handler.Drain)
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	var reason error
	grace := drain
	select {
	case err := <-failed:
		return err
	case <-lost:
		reason, grace = errLost, drainWhenLost
	case <-ctx.Done():
	}
	fmt.Fprintln(std.err, "Stopping; running requests may end. Ctrl-C again stops at once.")
	silent.end()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := s.Shutdown(ending); err != nil {
		slog.Warn("requests that did not end in time were cut off", "cause", err)
		return errors.Join(reason, s.Close())
	}
	return reason
}

// silence knows the connections that have not sent anything yet, which http.Server.Shutdown would
// wait five seconds for. Browsers open such connections in advance.
type silence struct {
	mu    sync.Mutex // guards what follows
	conns map[net.Conn]bool
	over  bool
}

func (s *silence) watch(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.conns, c)
	case s.over:
		c.Close()
	default:
		if s.conns == nil {
			s.conns = map[net.Conn]bool{}
		}
		s.conns[c] = true
	}
}

// end closes them, and those still to come.
func (s *silence) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for c := range s.conns {
		c.Close()
	}
}
