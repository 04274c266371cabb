// Package cluster is what the nodes of an installation share and may lose: messages, values that
// expire, and what has been spent of allowances. With one node they stay in its memory; several share a Redis.
//
// The database is the truth. What is said here only makes a node look at it sooner, so that losing
// messages, losing values and losing Redis altogether are never errors that a person is shown: see
// [Stamp] for what a node may go on with, and for how long.
//
// Keys and channels begin with the tenant.
package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"time"
)

// ErrAway says that what the nodes share cannot be reached. The caller goes on without.
var ErrAway = errors.New("cluster: what the nodes share cannot be reached")

// Topic is a kind of messages and marks. It is a word without colons and spaces.
type Topic string

// Message says that something happened to a tenant.
type Message struct {
	Tenant  string
	Topic   Topic
	Payload string
}

// Cluster is what one node holds of it. It is safe for concurrent use.
type Cluster struct {
	medium  medium
	shared  bool
	self    string // tells this node's messages from those of others
	hearing hearing
}

// medium is where messages and values lie. Every operation ends within [Deadline]; one that does not
// succeed returns [ErrAway].
type medium interface {
	// send stores the values, and then has every node hear the notes.
	send(ctx context.Context, values []value, notes ...note) error
	// fetch returns the values of keys, "" for one that is not there.
	fetch(ctx context.Context, keys ...string) ([]string, error)
	// spend is [Cluster.Spend], with names that are keys. It does not fail: what cannot be reached
	// counts nothing.
	spend(ctx context.Context, allowances []Allowance) (wait time.Duration)
	// health is nil while values can be stored and notes are heard.
	health() error
	close()
}

// value is stored for its life.
type value struct {
	key, text string
	life      time.Duration
}

// note is a message as it travels.
type note struct{ channel, text string }

// Deadline bounds every operation. What takes longer has failed, and until it is known to work again
// all others fail at once: waiting costs a request this much, and once.
const Deadline = 100 * time.Millisecond

// New returns what a node shares that is the only one.
func New() *Cluster { return join(newMemory()) }

func join(m *memory) *Cluster {
	c := &Cluster{medium: m, self: rand.Text()}
	m.join(c.hear)
	return c
}

// Dial returns what the nodes share that are given the same url, redis://user:password@host:port/number
// or rediss:// for TLS. It fails when the url is none. A Redis that is away is an answer too: it is
// logged, and looked for until Close.
func Dial(url string) (*Cluster, error) {
	c := &Cluster{shared: true, self: rand.Text()}
	r, err := dialRedis(url, c.hear, c.hearing.missed)
	if err != nil {
		return nil, err
	}
	c.medium = r
	return c, nil
}

// Shared tells whether there can be other nodes.
func (c *Cluster) Shared() bool { return c.shared }

// Health is nil while messages and values get through.
func (c *Cluster) Health() error { return c.medium.health() }

// Close ends the connection. Operations fail from then on.
func (c *Cluster) Close() { c.medium.close() }

// Subscribe has heard called for every message of a topic, on the goroutine of whoever publishes on
// this node and on another one for those of other nodes; and missed, also for no reason, when some may
// have been lost. Both must return at once, and neither may publish.
func (c *Cluster) Subscribe(topic Topic, heard func(Message), missed func()) {
	c.hearing.add(topic, heard, missed)
}

// Publish has every node hear a message: this one before Publish returns and whatever happens, the
// others at most once.
func (c *Cluster) Publish(ctx context.Context, m Message) error {
	c.hearing.deliver(m)
	return c.medium.send(ctx, nil, c.note(m))
}

// Announce says that what the message is about has changed in the database: it marks it, for nodes
// that will ask, and publishes the message, for those that listen. It is called after the commit, and
// does not end with the request that made the change. That it did not get through is no error,
// because the database is asked in the end.
func (c *Cluster) Announce(m Message) {
	c.hearing.deliver(m)
	mark := value{Mark{m.Topic, m.Payload}.key(m.Tenant), rand.Text(), MarkLife}
	_ = c.medium.send(context.Background(), []value{mark}, c.note(m))
}

// Put stores a value until its life is over, in place of any before.
func (c *Cluster) Put(ctx context.Context, tenant, key, text string, life time.Duration) error {
	return c.medium.send(ctx, []value{{valueKey(tenant, key), text, life}})
}

// Get returns a value; "" when it is not there, or no longer.
func (c *Cluster) Get(ctx context.Context, tenant, key string) (string, error) {
	found, err := c.medium.fetch(ctx, valueKey(tenant, key))
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// valueKey cannot be the key of a mark, whatever key is.
func valueKey(tenant, key string) string { return tenant + ":usher:value:" + key }
