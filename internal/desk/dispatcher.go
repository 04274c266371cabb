package desk

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// maxBusy is how many tenants a node dispatches for at the same time. The others wait in the order in which
// something happened at their desks; after each turn a tenant stands at the end of that line again.
const maxBusy = 4

// dispatcher settles the desks of those tenants where something happened, each on a goroutine of its own.
type dispatcher struct {
	settle func(ctx context.Context, tenant string) (next time.Time, done bool, err error)
	now    func() time.Time

	line chan struct{} // whoever has sent into it may take a turn
	ctx  context.Context
	end  func()

	mu      sync.Mutex // guards what follows
	started bool
	again   map[string]bool        // by tenant with a goroutine: something happened since it looked
	timers  map[string]*time.Timer // by tenant without one: when something opens by itself
	failing bool
	running sync.WaitGroup
}

func newDispatcher(s *Service) *dispatcher {
	d := &dispatcher{
		settle: s.takeTurn, now: s.config.DB.Now, line: make(chan struct{}, maxBusy),
		again: map[string]bool{}, timers: map[string]*time.Timer{},
	}
	d.ctx, d.end = context.WithCancel(context.Background())
	return d
}

// takeTurn settles a desk as far as one turn goes, unless it can be seen without one that nothing can be
// given.
func (s *Service) takeTurn(ctx context.Context, tenant string) (next time.Time, done bool, err error) {
	var waits bool
	err = s.config.DB.Read(ctx, tenant, func(tx *store.Tx) (err error) {
		waits, err = somethingWaits(ctx, tx)
		return err
	})
	if err != nil || !waits {
		return zero, true, err
	}
	return s.turn(ctx, tenant)
}

func (d *dispatcher) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.started = d.ctx.Err() == nil
}

// stop returns when nothing is dispatched any more. A claim that has begun commits or vanishes.
func (d *dispatcher) stop() {
	d.mu.Lock()
	d.started = false
	d.end()
	for _, timer := range d.timers {
		timer.Stop()
	}
	d.mu.Unlock()
	d.running.Wait()
}

// wake has the desk of the tenant settled soon. What happens while that goes on is not overlooked.
func (d *dispatcher) wake(tenant string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.started {
		return
	}
	if _, busy := d.again[tenant]; busy {
		d.again[tenant] = true
		return
	}
	if timer := d.timers[tenant]; timer != nil {
		timer.Stop()
		delete(d.timers, tenant)
	}
	d.again[tenant] = false
	d.running.Go(func() { d.run(tenant) })
}

// run takes turns until the desk is settled.
func (d *dispatcher) run(tenant string) {
	for {
		select {
		case d.line <- struct{}{}:
		case <-d.ctx.Done():
		}
		if d.ctx.Err() != nil {
			return
		}
		next, done, err := d.guarded(tenant)
		<-d.line
		if d.rest(tenant, next, done, err) {
			return
		}
	}
}

// guarded takes a turn. Whatever goes wrong in it, the next one will come.
func (d *dispatcher) guarded(tenant string) (next time.Time, done bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return d.settle(d.ctx, tenant)
}

// rest tells whether the goroutine of the tenant may end, and has it begin again when something opens. One
// that failed is left to the sweep.
func (d *dispatcher) rest(tenant string, next time.Time, done bool, err error) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.complain(err)
	if err == nil && (!done || d.again[tenant]) {
		d.again[tenant] = false
		return false
	}
	delete(d.again, tenant)
	if err == nil && !next.IsZero() && d.started {
		d.timers[tenant] = time.AfterFunc(next.Sub(d.now()), func() { d.wake(tenant) })
	}
	return true
}

// complain logs the first of several failures. d.mu is held.
func (d *dispatcher) complain(err error) {
	if d.ctx.Err() != nil {
		return
	}
	if err != nil && !d.failing {
		slog.Error("conversations could not be dispatched; it is tried again every few seconds", "cause", err)
	}
	d.failing = err != nil
}
