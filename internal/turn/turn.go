// Package turn has what is dear to answer answered one after the other for each tenant. Whoever waits for a turn holds no
// transaction meanwhile, so that those of one tenant leave the database, and the memory, to others.
package turn

import (
	"context"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

const (
	// most is how many of a tenant may wait, and be at it. Beyond it something asks that does not look at the answers.
	most = 8
	// next is when to come back.
	next = 2 * time.Second
)

// Lines are those of the tenants. The zero value has nobody in any.
type Lines struct {
	mu sync.Mutex
	of map[string]*line // guarded by mu; by the tenant's id, and none where nobody is
}

// line is one tenant's.
type line struct {
	turn   chan struct{} // full while it is somebody's
	people int           // whose turn it is, and who wait; guarded by [Lines].mu
}

// Take waits for a turn of the tenant and returns how to end it. The error is [fault.ErrTooMany] when too many wait, and the
// context's when that ends first: whoever is gone leaves the place in the line to others.
func (l *Lines) Take(ctx context.Context, tenant string) (end func(), err error) {
	one := l.join(tenant)
	if one == nil {
		return nil, fault.ErrTooMany.After(next)
	}
	select {
	case one.turn <- struct{}{}:
	case <-ctx.Done():
		l.leave(tenant, one)
		return nil, ctx.Err()
	}
	return func() {
		<-one.turn
		l.leave(tenant, one)
	}, nil
}

// join returns nil where too many are.
func (l *Lines) join(tenant string) *line {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, known := l.of[tenant]
	if !known {
		if l.of == nil {
			l.of = map[string]*line{}
		}
		one = &line{turn: make(chan struct{}, 1)}
		l.of[tenant] = one
	}
	if one.people >= most {
		return nil
	}
	one.people++
	return one
}

func (l *Lines) leave(tenant string, one *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.people--; one.people == 0 {
		delete(l.of, tenant)
	}
}
