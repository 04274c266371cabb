package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/server"
)

// machineSide is where commands on this machine reach the server; the zero one where they do not.
type machineSide struct{ server *http.Server }

// serveMachine answers commands. A server that they do not reach serves all the same: on PostgreSQL they do without it.
func serveMachine(ctx context.Context, i *server.Installation, h http.Handler) (m machineSide) {
	socket, err := i.ListenMachine(ctx)
	if err != nil {
		slog.Warn("usher user and usher tenant do not reach this server", "cause", err)
		return m
	}
	m.server = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	go func() {
		if err := m.server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("usher user and usher tenant no longer reach this server", "cause", err)
		}
	}()
	return m
}

// close lets commands under way end, as long as other requests may take.
func (m machineSide) close(ctx context.Context) {
	if m.server == nil {
		return
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if m.server.Shutdown(ending) != nil {
		_ = m.server.Close()
	}
}
