package audit

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// committer writes the records of reads and refusals, which have no transaction of their own.
// Whatever is waiting goes into one transaction (group commit): under load a commit is shared by
// many, and without load nobody waits for a timer.
type committer struct {
	db      *store.DB
	waiting chan pending
	begin   sync.Once
	done    chan struct{} // closed when everything that waited has been answered

	mu      sync.RWMutex // held for reading while something is put into waiting
	stopped bool         // guarded by mu; waiting is closed
}

// pending are entries that are kept together or not at all.
type pending struct {
	entries []entry
	result  chan error
}

const (
	// maxBatch bounds one transaction, so that one slow batch does not hold a crowd.
	maxBatch = 512
	// patience is how long a database may take before callers hear that it does not answer.
	patience = 10 * time.Second
)

func newCommitter(db *store.DB) *committer {
	return &committer{db: db, waiting: make(chan pending, maxBatch), done: make(chan struct{})}
}

// errStopped answers calls that come after the end.
var errStopped = errors.New("audit: the committer has stopped")

// commit returns once the entries are durable, or with the reason why they are not. What it has taken
// it answers, also when it is stopped meanwhile.
func (c *committer) commit(ctx context.Context, entries ...entry) error {
	p := pending{entries: entries, result: make(chan error, 1)}
	if err := c.enqueue(ctx, p); err != nil {
		return err
	}
	return <-p.result
}

func (c *committer) enqueue(ctx context.Context, p pending) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.stopped {
		return errStopped
	}
	select {
	case c.waiting <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *committer) start() { c.begin.Do(func() { go c.loop() }) }

func (c *committer) stop() {
	c.start() // somebody must answer those who wait
	c.mu.Lock()
	if !c.stopped {
		c.stopped = true
		close(c.waiting)
	}
	c.mu.Unlock()
	<-c.done
}

func (c *committer) loop() {
	defer close(c.done)
	for p := range c.waiting {
		c.write(c.gather(p))
	}
}

// gather takes along whatever is waiting already.
func (c *committer) gather(first pending) []pending {
	batch := []pending{first}
	for len(batch) < maxBatch {
		select {
		case p, open := <-c.waiting:
			if !open {
				return batch
			}
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// write commits a batch and tells everybody. When the batch cannot be written although the database
// works, one entry is at fault: each is then tried by itself, so that it takes no other with it.
func (c *committer) write(batch []pending) {
	err := c.insert(batch...)
	blameless := err == nil || errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
	for _, p := range batch {
		if !blameless && len(batch) > 1 {
			err = c.insert(p)
		}
		p.result <- err
	}
}

// insert writes a batch in one transaction, tenant by tenant.
func (c *committer) insert(batch ...pending) error {
	var entries []entry
	for _, p := range batch {
		entries = append(entries, p.entries...)
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.tenant, b.tenant) })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return c.db.Across(ctx, store.AuditCommit, func(s *store.Span) error {
		for rest := entries; len(rest) > 0; {
			same := 1
			for same < len(rest) && rest[same].tenant == rest[0].tenant {
				same++
			}
			if err := insertAll(ctx, s, rest[:same]); err != nil {
				return err
			}
			rest = rest[same:]
		}
		return nil
	})
}

// insertAll writes entries of one tenant.
func insertAll(ctx context.Context, s *store.Span, entries []entry) error {
	return s.In(ctx, entries[0].tenant, func(tx *store.Tx) error { return insert(ctx, tx, entries...) })
}
