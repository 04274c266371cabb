package audit

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/usher-desk/usher/internal/store"
)

// committer writes the records of reads and refusals, which have no transaction of their own.
// Whatever is waiting goes into one transaction (group commit): under load a commit is shared by
// many, and without load nobody waits for a timer.
type committer struct {
	db      *store.DB
	waiting chan pending
	done    chan struct{}
	once    sync.Once
	stopped chan struct{} // closed by stop
}

type pending struct {
	tenant string
	entry  entry
	result chan error
}

// maxBatch bounds one transaction, so that one slow batch does not hold a crowd.
const maxBatch = 512

func newCommitter(db *store.DB) *committer {
	return &committer{
		db:      db,
		waiting: make(chan pending, maxBatch),
		done:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
}

// errStopped answers calls that come after the end.
var errStopped = errors.New("audit: the committer has stopped")

// commit returns once the entry is durable.
func (c *committer) commit(ctx context.Context, tenant string, e entry) error {
	p := pending{tenant: tenant, entry: e, result: make(chan error, 1)}
	select {
	case <-c.stopped:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	case c.waiting <- p:
	}
	select {
	case err := <-p.result:
		return err
	case <-c.done: // ended between taking and answering
		select {
		case err := <-p.result:
			return err
		default:
			return errStopped
		}
	}
}

func (c *committer) start() { go c.loop() }

func (c *committer) stop() {
	c.once.Do(func() { close(c.stopped) })
	<-c.done
}

func (c *committer) loop() {
	defer close(c.done)
	for {
		select {
		case p := <-c.waiting:
			c.write(c.gather([]pending{p}))
		case <-c.stopped:
			if batch := c.gather(nil); len(batch) > 0 {
				c.write(batch)
			}
			return
		}
	}
}

// gather takes along whatever is waiting already.
func (c *committer) gather(batch []pending) []pending {
	for len(batch) < maxBatch {
		select {
		case p := <-c.waiting:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// write commits a batch, tenant by tenant, and tells everybody.
func (c *committer) write(batch []pending) {
	slices.SortStableFunc(batch, func(a, b pending) int { return strings.Compare(a.tenant, b.tenant) })
	err := c.db.Across(context.Background(), store.AuditCommit, func(s *store.Span) error {
		for first := 0; first < len(batch); {
			last := first
			for last < len(batch) && batch[last].tenant == batch[first].tenant {
				last++
			}
			if err := writeTenant(s, batch[first:last]); err != nil {
				return err
			}
			first = last
		}
		return nil
	})
	for _, p := range batch {
		p.result <- err
	}
}

func writeTenant(s *store.Span, part []pending) error {
	ctx := context.Background()
	return s.In(ctx, part[0].tenant, func(tx *store.Tx) error {
		for _, p := range part {
			if err := insert(ctx, tx, p.entry); err != nil {
				return err
			}
		}
		return nil
	})
}
