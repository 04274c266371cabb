package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// earlyTries keeps tries that come too early from filling the disk: they cost whoever sends them
// nothing. The first ones have a line each in the sign-in log, per tenant, network and minute; the
// rest of the minute becomes one line with how many.
type earlyTries struct {
	mu      sync.Mutex // guards counts and started
	counts  map[earlyKey]int64
	started bool
	once    sync.Once
	stopped chan struct{}
	done    chan struct{}
}

type earlyKey struct{ tenant, network string }

// singly is how many early tries a minute, per tenant and network, have a line each.
const singly = 20

func newEarlyTries() *earlyTries {
	return &earlyTries{counts: map[earlyKey]int64{}, stopped: make(chan struct{}), done: make(chan struct{})}
}

// absorb counts a try and tells whether it is one too many to have a line of its own.
func (e *earlyTries) absorb(tenant, network string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := earlyKey{tenant, network}
	e.counts[key]++
	return e.counts[key] > singly
}

// start writes a line for what was absorbed at the end of each minute.
func (e *earlyTries) start(write func(earlyKey, int64)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.started {
		return
	}
	e.started = true
	go func() {
		defer close(e.done)
		ticker := time.NewTicker(time.Minute)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				e.flush(write)
			case <-e.stopped:
				e.flush(write)
				return
			}
		}
	}()
}

func (e *earlyTries) stop() {
	e.once.Do(func() { close(e.stopped) })
	e.mu.Lock()
	started := e.started
	e.mu.Unlock()
	if started {
		<-e.done
	}
}

func (e *earlyTries) flush(write func(earlyKey, int64)) {
	e.mu.Lock()
	counts := e.counts
	e.counts = map[earlyKey]int64{}
	e.mu.Unlock()
	for key, n := range counts {
		if n > singly {
			write(key, n-singly)
		}
	}
}

// logEarly writes one line for n tries of a network. Whom they were about is in the lines before it.
func (s *Service) logEarly(key earlyKey, n int64) {
	ctx := context.Background()
	err := s.config.DB.Write(ctx, key.tenant, func(tx *store.Tx) error {
		return logSignIn(ctx, tx, signIn{
			method: methodPassword, outcome: signInFailure, reason: refusedEarly, tries: n, from: origin{address: key.network},
		})
	})
	if err != nil {
		slog.Error("a flood of early sign-ins was not logged", "count", n, "cause", err)
	}
}
