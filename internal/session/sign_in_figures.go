package session

import (
	"log/slog"
	"sync/atomic"
)

// Figures count what has happened at sign-in since the process began. They are about everybody
// together: no figure tells of one tenant or user.
type Figures struct {
	Bursts     int64 // of failures, see [signInLine]
	NewDevices int64 // sign-ins with a browser that was new for the user
}

// figures count. They may be used by several goroutines at once.
type figures struct{ bursts, newDevices atomic.Int64 }

// Figures are those of this process.
func (s *Service) Figures() Figures {
	return Figures{Bursts: s.figures.bursts.Load(), NewDevices: s.figures.newDevices.Load()}
}

// burst counts one, and tells whoever operates the server: from where, and not under which name. Those
// of a flood are only counted, as whoever sends it must not fill the server's log either.
func (f *figures) burst(a attempt, flood bool) {
	f.bursts.Add(1)
	if flood {
		return
	}
	slog.Warn("a burst of failed sign-ins has begun", "tenant", a.home, "network", a.from.network)
}
