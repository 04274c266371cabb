package desk

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/chore"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

const (
	// lookTime is how often every node looks at all desks: the net below everything that is told, and what
	// time alone brings about.
	lookTime = 2 * time.Second
	// sweepMost is how many conversations one rule changes in one sweep of a desk; the rest come next time.
	sweepMost = 100
)

// sweep is what every node does every few seconds. Several nodes may come across the same thing: whoever
// locks it first does it, and the others find it done.
type sweep struct {
	looks chore.Chore
	over  context.Context // ends a sweep that is under way
	end   context.CancelFunc

	mu      sync.Mutex         // guards what follows
	judged  map[string]judging // by tenant
	failing bool
}

// judging is when, and by which policy, this node last looked whether everybody may do what they do.
type judging struct {
	policy int64
	at     time.Time
}

// judgeTime is how often that is looked at where no policy has changed: assignments of roles run out.
const judgeTime = 30 * time.Second

func newSweep() *sweep {
	over, end := context.WithCancel(context.Background())
	return &sweep{over: over, end: end, judged: map[string]judging{}}
}

func (w *sweep) start(look func(context.Context) error) {
	w.looks.Start(lookTime, func() { w.complain(guard(func() error { return look(w.over) })) })
}

func (w *sweep) stop() {
	w.end()
	w.looks.Stop()
}

// guard turns a panic into an error: what goes on for ever outlives it.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// complain logs the first of several failures.
func (w *sweep) complain(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil && !w.failing && w.over.Err() == nil {
		slog.Error("desks could not be swept; the next try is in a moment", "cause", err)
	}
	w.failing = err != nil
}

// mustJudge tells whether it is time to look whether everybody may do what they do.
func (w *sweep) mustJudge(d *due) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.judged[d.tenant]
	return last.policy != d.policy || d.at.Before(last.at) || d.at.Sub(last.at) >= judgeTime
}

// hasJudged notes that it was looked at.
func (w *sweep) hasJudged(d *due) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.judged[d.tenant] = judging{d.policy, d.at}
}

// Sweep looks at the desks of all active tenants once, has settled what waits, and does what time has
// brought about. What goes wrong with one tenant does not keep it from the others.
func (s *Service) Sweep(ctx context.Context) error {
	found, err := s.findDue(ctx)
	for _, d := range found {
		if d.waits {
			s.dispatcher.wake(d.tenant)
		}
		d.judge = d.works && s.sweep.mustJudge(&d)
		sweepErr := guard(func() error { return s.sweepTenant(ctx, d) })
		if sweepErr == nil && d.judge {
			s.sweep.hasJudged(&d)
		}
		if err == nil && sweepErr != nil {
			err = fmt.Errorf("tenant %s: %w", d.tenant, sweepErr)
		}
	}
	return err
}

// SweepTenant does for one tenant what time has brought about, whether or not it looks due.
func (s *Service) SweepTenant(ctx context.Context, tenant string) error {
	return s.sweepTenant(ctx, due{tenant: tenant, presence: true, held: true, silent: true, pruned: true, judge: true})
}

// sweepTenant does what is due. Presence comes first: what follows from it is then found at once. Nothing follows from
// silence while there is no room: nobody may answer then.
func (s *Service) sweepTenant(ctx context.Context, d due) error {
	var steps []func(context.Context, string) error
	if d.presence {
		steps = append(steps, s.sweepConnections, s.sweepLost)
	}
	if d.judge {
		steps = append(steps, s.sweepAccess)
	}
	if !s.config.Room() {
		d.held, d.silent = false, false
	}
	if d.held {
		steps = append(steps, s.sweepAbsent, s.sweepUnanswered)
	}
	if d.silent {
		steps = append(steps, s.sweepWakes, s.sweepPark, s.sweepResolve, s.sweepClose)
	}
	if d.pruned {
		steps = append(steps, s.pruneEvents)
	}
	for _, step := range steps {
		if err := step(ctx, d.tenant); err != nil {
			return err
		}
	}
	return nil
}

// sweepConnections notes who is connected no more although nobody said so.
func (s *Service) sweepConnections(ctx context.Context, tenant string) error {
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error { return s.sweepPresence(ctx, tx) })
}

// sweepAccess takes the conversations and supervisions of those who may not have them any more.
func (s *Service) sweepAccess(ctx context.Context, tenant string) error {
	if _, err := s.config.Policy.Snapshot(ctx, tenant); err != nil { // read once, and known from then on
		return err
	}
	if err := s.sweepAgents(ctx, tenant); err != nil {
		return err
	}
	return s.sweepSupervisions(ctx, tenant)
}

// policySeen is the policy as it stands, which may change before the transaction ends. Whoever goes on to
// lock conversations must not hold the policy: a change of it that waits would keep waiting whoever holds
// the conversation.
func (s *Service) policySeen(ctx context.Context, tx *store.Tx) (*policy.Compiled, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return nil, err
	}
	return s.config.Policy.At(ctx, tx, t.PolicyVersion)
}
