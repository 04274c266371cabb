package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

// redis is the medium of several processes. It has one connection, for everything.
type redis struct {
	client  rueidis.Client
	breaker *breaker
	slots   chan struct{} // one for each operation under way
	hears   atomic.Bool   // the subscription is in force

	alone      *spending // what this node would allow without the others
	unscripted sync.Once

	hear   func(note)
	missed func()

	stop    context.CancelFunc
	running sync.WaitGroup
	closing sync.Once
}

// crowd is how many operations are under way at most. It is less than the library has room for: whoever
// waits for that room waits without a deadline.
const crowd = 256

// ErrAddress: what was given is no address of a Redis. It does not repeat it, because of the password.
var ErrAddress = errors.New("expected redis://user:password@host:port/number, or rediss:// for TLS")

func options(address string) (rueidis.ClientOption, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return rueidis.ClientOption{}, ErrAddress
	}
	o, err := rueidis.ParseURL(address)
	if err != nil {
		return rueidis.ClientOption{}, ErrAddress
	}
	o.ClientName = "usher"
	o.ForceSingleClient = true // and a client that comes to life later, when Redis is away now
	o.DisableRetry = true      // or reading would be tried again for as long as its context lasts
	o.DisableCache = true
	o.PipelineMultiplex = -1 // one connection
	o.ReadBufferEachConn, o.WriteBufferEachConn = 32<<10, 32<<10
	// A connection that says nothing is asked every second, and given up after another.
	o.Dialer = net.Dialer{Timeout: time.Second, KeepAlive: time.Second}
	o.ConnWriteTimeout = time.Second
	return o, nil
}

func dialRedis(address string, hear func(note), missed func()) (*redis, error) {
	o, err := options(address)
	if err != nil {
		return nil, err
	}
	r := &redis{slots: make(chan struct{}, crowd), alone: newSpending(), hear: hear, missed: missed}
	r.breaker = newBreaker(r.probe)
	r.client, err = rueidis.NewClient(o)
	if r.client == nil {
		return nil, err
	}
	if err != nil {
		r.breaker.trip(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	r.running.Go(func() { r.breaker.run(ctx) })
	r.running.Go(func() { r.listen(ctx) })
	return r, nil
}

func (r *redis) send(ctx context.Context, values []value, notes ...note) error {
	b := r.client.B()
	var commands []rueidis.Completed
	for _, v := range values {
		commands = append(commands, b.Set().Key(v.key).Value(v.text).PxMilliseconds(v.life.Milliseconds()).Build())
	}
	for _, n := range notes {
		commands = append(commands, b.Publish().Channel(n.channel).Message(n.text).Build())
	}
	_, err := do(ctx, r, func(ctx context.Context) ([]string, error) {
		var failures []error
		for _, result := range r.client.DoMulti(ctx, commands...) {
			failures = append(failures, result.Error())
		}
		return nil, errors.Join(failures...)
	})
	return err
}

func (r *redis) fetch(ctx context.Context, keys ...string) ([]string, error) {
	return do(ctx, r, func(ctx context.Context) ([]string, error) {
		answer, err := r.client.Do(ctx, r.client.B().Mget().Key(keys...).Build()).ToArray()
		if err != nil {
			return nil, err
		}
		found := make([]string, len(answer))
		for i, a := range answer {
			if found[i], err = a.ToString(); err != nil && !rueidis.IsRedisNil(err) {
				return nil, err
			}
		}
		return found, nil
	})
}

// do runs an operation and is back within [Deadline] also when the operation is not: the library looks
// at the clock in most places and not in all, such as where it waits for somebody else to connect.
// That the one who asked has gone is no failure of Redis.
func do[T any](ctx context.Context, r *redis, f func(context.Context) (T, error)) (got T, err error) {
	if err := r.breaker.pass(); err != nil {
		return got, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Deadline)
	defer cancel()
	done := make(chan outcome[T], 1)
	select {
	case r.slots <- struct{}{}:
		go func() {
			defer func() { <-r.slots }()
			got, err := f(ctx)
			done <- outcome[T]{got, err}
		}()
	case <-ctx.Done():
	}
	select {
	case o := <-done:
		got, err = o.got, o.err
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		r.breaker.trip(err)
		err = fmt.Errorf("%w: %w", ErrAway, err)
	}
	return got, err
}

type outcome[T any] struct {
	got T
	err error
}

// probe writes, because a Redis that is full or a replica answers and is of no use.
func (r *redis) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	command := r.client.B().Set().Key("platform:usher:probe").Value("").PxMilliseconds(probeEvery.Milliseconds()).Build()
	return r.client.Do(ctx, command).Error()
}

// listen hears the notes of all nodes. Whenever it begins to, some may have been missed.
func (r *redis) listen(ctx context.Context) {
	ctx = rueidis.WithOnSubscriptionHook(ctx, func(rueidis.PubSubSubscription) {
		r.hears.Store(true)
		r.missed()
	})
	refused := ""
	for r.breaker.wait(ctx) {
		err := r.client.Receive(ctx, r.client.B().Psubscribe().Pattern("*"+channelEnd).Build(), func(m rueidis.PubSubMessage) {
			r.hear(note{m.Channel, m.Message})
		})
		r.hears.Store(false)
		if reason, ok := rueidis.IsRedisErr(err); ok {
			if refused != reason.Error() { // once, and not every second
				slog.Warn("redis does not let this node hear the others", "cause", reason)
			}
			refused = reason.Error()
		} else if ctx.Err() == nil {
			r.breaker.trip(fmt.Errorf("listening: %w", err))
		}
		pause(ctx, probeEvery)
	}
}

func (r *redis) health() error {
	if err := r.breaker.pass(); err != nil {
		return err
	}
	if !r.hears.Load() {
		return ErrAway
	}
	return nil
}

// close waits until nobody uses the connection, so that nobody makes another one after it has ended.
func (r *redis) close() {
	r.closing.Do(func() {
		r.stop()
		r.running.Wait()
		r.breaker.close()
		for range cap(r.slots) {
			r.slots <- struct{}{}
		}
		r.client.Close()
	})
}
