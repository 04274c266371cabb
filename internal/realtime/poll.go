package realtime

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// poll is somebody without a WebSocket who asks for what has happened, and waits a while when nothing has.
// It follows its streams as a connection does, for as long as it waits.
type poll struct {
	service *Service
	who     *caller.Caller
	out     outbox
	ready   chan struct{} // full when something was sent
	follows []*Follower
	ended   []endedStream // those that may not be followed
}

func (s *Service) newPoll(who *caller.Caller) *poll {
	p := &poll{service: s, who: who, ready: make(chan struct{}, 1)}
	p.out.init(&s.config.Limits, p)
	return p
}

// deliver is called with the outbox locked; what is queued is taken at the end.
func (p *poll) deliver() bool {
	select {
	case p.ready <- struct{}{}:
	default:
	}
	return false
}

// overflow needs no answer: what does not fit is there at the next poll, which begins where this one ends.
func (p *poll) overflow() {}

// run follows the streams until something has happened or the wait is over, and returns what was sent and
// how far that is. Who does not know the position of each stream is told it at once.
func (p *poll) run(ctx context.Context, streams []string, from positions, wait time.Duration) (sent []frame, at positions, err error) {
	if slices.ContainsFunc(streams, func(stream string) bool { _, known := from[stream]; return !known }) {
		wait = 0
	}
	enough := time.NewTimer(wait)
	defer enough.Stop()
	err = p.join(ctx, streams, from)
	for waiting := err == nil; waiting && !p.out.news(); {
		select {
		case <-p.ready:
		case <-enough.C:
			waiting = false
		case <-p.service.polls.draining:
			waiting = false
		case <-ctx.Done():
			waiting = false
		}
	}
	p.leave()
	if err != nil {
		return nil, nil, err
	}
	at = positions{}
	for _, f := range p.follows {
		if !f.over.Load() {
			at[f.Stream] = f.At()
		}
	}
	return p.out.all(), at, nil
}

// join follows all streams, and waits until it is decided which of them may be.
func (p *poll) join(ctx context.Context, streams []string, from positions) error {
	for _, stream := range streams {
		var after *Position
		if position, known := from[stream]; known {
			after = &position
		}
		f := newFollower(p.who.User, stream, after, &p.out)
		if err := p.service.tails.join(p.who.Tenant, f); err != nil {
			return err
		}
		p.follows = append(p.follows, f)
	}
	ctx, cancel := context.WithTimeout(ctx, pullTime)
	defer cancel()
	for _, f := range p.follows {
		select {
		case refusal := <-f.answer:
			if refusal != nil {
				p.ended = append(p.ended, endedStream{f.Stream, fault.From(refusal).Code.Name})
			}
		case <-ctx.Done():
			return fault.ErrUnavailable.Because(ctx.Err())
		}
	}
	return nil
}

// leave returns when nothing is sent any more.
func (p *poll) leave() {
	for _, f := range p.follows {
		left := make(chan struct{})
		f.tail.leave(f, left)
		select {
		case <-left:
		case <-p.service.tails.work.Done():
		}
	}
}

// polls counts those of each user that are under way.
type polls struct {
	limit    int
	draining chan struct{} // closed when nobody is to wait any more
	drain    sync.Once

	mu     sync.Mutex // guards what follows
	counts map[userKey]int
}

// admit makes room for one, or says that there is none.
func (p *polls) admit(user userKey) (done func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.counts[user] >= p.limit {
		return nil, errTooMany.With("a user may wait for events %d times at once", p.limit)
	}
	p.counts[user]++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.counts[user]--; p.counts[user] == 0 {
			delete(p.counts, user)
		}
	}, nil
}
