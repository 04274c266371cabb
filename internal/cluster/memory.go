package cluster

import (
	"context"
	"sync"
	"time"
)

// memory is the medium of one process.
type memory struct {
	spending *spending

	mu     sync.Mutex // guards what follows
	values map[string]remnant
	sweep  time.Time // when what is over is next removed
	ears   []func(note)
	closed bool
}

// remnant is a value, with the time that it stays until.
type remnant struct {
	text string
	over time.Time
}

// sweepEvery bounds how long a value that is over takes up memory.
const sweepEvery = time.Minute

func newMemory() *memory { return &memory{values: map[string]remnant{}, spending: newSpending()} }

func (m *memory) join(hear func(note)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ears = append(m.ears, hear)
}

func (m *memory) send(_ context.Context, values []value, notes ...note) error {
	if err := m.store(values); err != nil {
		return err
	}
	for _, n := range notes {
		for _, hear := range m.everyone() {
			hear(n)
		}
	}
	return nil
}

func (m *memory) store(values []value) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrAway
	}
	now := time.Now()
	if now.After(m.sweep) {
		m.removeOver(now)
	}
	for _, v := range values {
		m.values[v.key] = remnant{v.text, now.Add(v.life)}
	}
	return nil
}

func (m *memory) removeOver(now time.Time) {
	for key, r := range m.values {
		if !now.Before(r.over) {
			delete(m.values, key)
		}
	}
	m.sweep = now.Add(sweepEvery)
}

func (m *memory) everyone() []func(note) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ears
}

func (m *memory) fetch(_ context.Context, keys ...string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrAway
	}
	now := time.Now()
	found := make([]string, len(keys))
	for i, key := range keys {
		if r := m.values[key]; now.Before(r.over) {
			found[i] = r.text
		}
	}
	return found, nil
}

func (m *memory) spend(_ context.Context, allowances []Allowance) time.Duration {
	return m.spending.spend(allowances)
}

func (m *memory) health() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrAway
	}
	return nil
}

func (m *memory) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
}
