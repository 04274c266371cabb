package session

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/chore"
)

// keyWatch keeps the keys of a running node those that are stored, whoever changes them.
type keyWatch struct {
	looks   chore.Chore
	reading sync.Mutex // held from reading the stored keys to replacing the ring

	mu      sync.Mutex // guards what follows
	looked  time.Time  // when a request last made us look
	failing bool
}

// watchTime is how often a node looks at the stored keys, which are few: within a second it obeys who replaced one at
// once, from whichever machine and without anybody to tell it.
const watchTime = 500 * time.Millisecond

// mayLook allows one look a second, and one after a clock was set back.
func (w *keyWatch) mayLook(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if since := now.Sub(w.looked); since >= 0 && since < time.Second {
		return false
	}
	w.looked = now
	return true
}

// start calls look every half second.
func (w *keyWatch) start(look func(context.Context)) {
	w.looks.Start(watchTime, func() {
		ctx, cancel := context.WithTimeout(context.Background(), lookTime)
		defer cancel()
		look(ctx)
	})
}

func (w *keyWatch) stop() { w.looks.Stop() }

// complain logs the first of several failures.
func (w *keyWatch) complain(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil && !w.failing {
		slog.Warn("the signing keys could not be read again; those known so far stay in use", "cause", err)
	}
	w.failing = err != nil
}

// refreshKeys reads the keys again; where that fails, those known so far stay.
func (s *Service) refreshKeys(ctx context.Context) { s.watch.complain(s.reloadKeys(ctx)) }

// keyAge is when a signing key is replaced although nobody asked.
const keyAge = 90 * 24 * time.Hour

// lookAtKeys is what the watch does. Of the nodes that find the key too old one replaces it.
func (s *Service) lookAtKeys(ctx context.Context) {
	s.refreshKeys(ctx)
	if s.config.DB.Now().Before(s.keys.Load().newest().signsFrom.Add(keyAge)) {
		return
	}
	_, err := s.RotateKeys(ctx, Scheduled)
	if err != nil && !errors.Is(err, ErrRotated) && !errors.Is(err, ErrRotating) {
		slog.Error("the signing key is too old and could not be replaced", "cause", err)
	}
}
