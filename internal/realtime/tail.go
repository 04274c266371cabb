package realtime

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// tails are those of the tenants that somebody follows here. One tail reads for all followers of a tenant:
// what happens costs a node one look at the database, however many watch.
type tails struct {
	feed   func(tenant string) Feed
	look   time.Duration
	work   context.Context
	cancel context.CancelFunc

	mu       sync.Mutex // guards what follows, and the same of every tail
	byTenant map[string]*tail
	stopped  bool
	running  sync.WaitGroup
}

func newTails(feed func(tenant string) Feed, look time.Duration) *tails {
	t := &tails{feed: feed, look: look, byTenant: map[string]*tail{}}
	t.work, t.cancel = context.WithCancel(context.Background())
	return t
}

// tail looks at what happens to one tenant while anybody follows. It is woken by notices, and looks by
// itself every second, so that a notice that is lost costs a second and nothing else.
type tail struct {
	tails  *tails
	tenant string
	feed   Feed
	wake   chan struct{} // full when there is something to do

	// Guarded by the mutex of the tails.
	joining []*Follower
	leaving []departure
	typing  []utterance
	noticed bool
	count   int // followers
}

type departure struct {
	follower *Follower
	done     chan<- struct{} // closed when nothing is sent to the follower any more; nil when nobody waits
}

// join has a follower taken in by the tail of its tenant, which begins if there is none.
func (t *tails) join(tenant string, f *Follower) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped || t.feed == nil {
		return fault.ErrUnavailable.With("this node has no streams")
	}
	its := t.byTenant[tenant]
	if its == nil {
		its = &tail{tails: t, tenant: tenant, feed: t.feed(tenant), wake: make(chan struct{}, 1)}
		t.byTenant[tenant] = its
		t.running.Go(its.run)
	}
	f.tail = its
	its.count++
	its.joining = append(its.joining, f)
	its.noticed = true
	its.rouse()
	return nil
}

// notice has the tail of a tenant look, if there is one.
func (t *tails) notice(tenant string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if its := t.byTenant[tenant]; its != nil {
		its.noticed = true
		its.rouse()
	}
}

// noticeAll has every tail look.
func (t *tails) noticeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, its := range t.byTenant {
		its.noticed = true
		its.rouse()
	}
}

// stop ends all tails and waits for them.
func (t *tails) stop() {
	t.mu.Lock()
	t.stopped = true
	t.mu.Unlock()
	t.cancel()
	t.running.Wait()
}

// leave has a follower forgotten. Everybody who has joined leaves once.
func (t *tail) leave(f *Follower, done chan<- struct{}) {
	t.tails.mu.Lock()
	defer t.tails.mu.Unlock()
	t.leaving = append(t.leaving, departure{f, done})
	t.rouse()
}

// knock has the tail look again: somebody has room for more.
func (t *tail) knock() {
	t.tails.mu.Lock()
	defer t.tails.mu.Unlock()
	t.noticed = true
	t.rouse()
}

// rouse wakes the tail.
func (t *tail) rouse() {
	select {
	case t.wake <- struct{}{}:
	default: // it will see
	}
}

func (t *tail) run() {
	ticker := time.NewTicker(t.tails.look)
	defer ticker.Stop()
	for failing := false; ; {
		tick := false
		select {
		case <-t.tails.work.Done():
			return
		case <-t.wake:
		case <-ticker.C:
			tick = true
		}
		if t.attend() || tick {
			failing = t.pull(failing)
		}
		if tick && t.over() {
			return
		}
	}
}

// attend does what followers have asked for, and tells whether there is something to be read.
func (t *tail) attend() (noticed bool) {
	t.tails.mu.Lock()
	joining, leaving, typing, noticed := t.joining, t.leaving, t.typing, t.noticed
	t.joining, t.leaving, t.typing, t.noticed = nil, nil, nil, false
	t.count -= len(leaving)
	t.tails.mu.Unlock()
	for _, f := range joining {
		t.feed.Join(f)
	}
	for _, d := range leaving {
		t.feed.Leave(d.follower)
		if d.done != nil {
			close(d.done)
		}
	}
	for _, u := range typing {
		t.show(u)
	}
	return noticed
}

// over ends the tail when nobody follows any more.
func (t *tail) over() bool {
	t.tails.mu.Lock()
	defer t.tails.mu.Unlock()
	if t.count > 0 || len(t.joining) > 0 || len(t.leaving) > 0 {
		return false
	}
	delete(t.tails.byTenant, t.tenant)
	return true
}

// pull has the feed read and send. What fails is tried again a second later, and told once.
func (t *tail) pull(failing bool) bool {
	ctx, cancel := context.WithTimeout(t.tails.work, pullTime)
	defer cancel()
	more, err := t.guarded(ctx)
	if err != nil && !failing && t.tails.work.Err() == nil {
		slog.Error("streams stand still", "tenant", t.tenant, "cause", err)
	}
	if more {
		t.knock()
	}
	return err != nil
}

// pullTime bounds one look at the database.
const pullTime = 10 * time.Second

// guarded turns a panic into an error: the defect of one event must not end the program.
func (t *tail) guarded(ctx context.Context) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return t.feed.Pull(ctx)
}
