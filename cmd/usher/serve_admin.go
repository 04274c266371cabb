package main

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// adminSide is the listener for whoever operates the server; the zero one where there is none.
type adminSide struct {
	listener net.Listener
	server   *http.Server
}

func (f networkFlags) openAdmin() (a adminSide, err error) {
	if f.AdminListen == "" {
		return a, nil
	}
	a.listener, err = listenAt("--admin-listen", f.AdminListen)
	return a, err
}

// serve answers until the listener is closed.
func (a *adminSide) serve(h http.Handler) {
	if a.listener == nil {
		return
	}
	a.server = &http.Server{Handler: h, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	slog.Info("metrics and health", "listens", a.listener.Addr().String())
	go func() {
		if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("metrics and health are no longer told", "cause", err)
		}
	}()
}

func (a *adminSide) close() {
	switch {
	case a.server != nil:
		_ = a.server.Close()
	case a.listener != nil:
		_ = a.listener.Close()
	}
}
