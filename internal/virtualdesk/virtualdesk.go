// Package virtualdesk works a real desk with people who are programs: requesters who ask, agents who
// answer, a lead who steps in, an auditor who looks on.
//
// It knows the server from outside only, over HTTP and WebSocket, as a page would. What was acknowledged to
// it, it remembers, and holds against it what everybody is shown: while the desk works, and once more when
// it has come to rest. What must never happen, and did, is a broken [Invariant].
package virtualdesk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// Config says how large the desk is, and where.
type Config struct {
	Bases []string // addresses of the nodes of one server, such as http://127.0.0.1:8080
	Admin Login    // who makes the people of the desk, and takes them away again

	Duration    time.Duration // how long people come and ask
	Agents      int
	Requesters  int
	Arrivals    float64       // conversations a minute
	Skills      int           // how many kinds of help are asked for
	Seed        uint64        // what people decide; when they get to it depends on the server
	Pace        time.Duration // how long somebody thinks on average; 0.7 s
	Lag         time.Duration // how far what is followed may be behind what is there; 30 s
	MustBeEmpty bool          // refuse a tenant in which anybody has asked anything
	Throwaway   bool          // the server ends with the desk: nothing need be taken away

	// Disturb runs while people work. It returns soon after its context ends, and then every node serves. Nil
	// for nothing.
	Disturb func(ctx context.Context)
	// Tell is told about the progress, a line at a time. Nil for nobody.
	Tell func(line string)
}

// ErrNotEmpty: the tenant has conversations, among which those of a virtual desk would stand for ever.
var ErrNotEmpty = errors.New("the tenant has conversations already")

// Login is how somebody signs in.
type Login struct {
	Tenant   string // its slug
	Username string
	Password string
	Secret   string // of the second factor, in base32; "" for none
}

// How long things may take that have nothing to do with the size of the desk.
const (
	patience  = time.Minute            // of a request that is repeated until it is answered
	tellEvery = 3 * time.Second        // between two lines about the progress
	usualLag  = 30 * time.Second       // of streams behind what is there
	calm      = 700 * time.Millisecond // the usual pace
)

// check refuses a desk at which nothing would happen.
func (c Config) check() error {
	switch {
	case len(c.Bases) == 0:
		return errors.New("a virtual desk needs the address of a server")
	case c.Duration <= 0 || c.Arrivals <= 0:
		return errors.New("the duration and the number of arrivals are more than nothing")
	case c.Agents < 1 || c.Requesters < 1 || c.Skills < 1:
		return errors.New("a desk has one agent, one requester and one skill at least")
	}
	return nil
}

// Run opens a desk, works it for a while, lets it come to rest, looks at what is left, and closes it. The
// end of the context ends the work early, not the looking. An error says that the desk could not be worked;
// what is wrong with it stands in the report.
func Run(ctx context.Context, c Config) (report Report, err error) {
	if err := c.check(); err != nil {
		return Report{}, err
	}
	c.Pace, c.Lag = cmp.Or(c.Pace, calm), cmp.Or(c.Lag, usualLag)
	if c.Tell == nil {
		c.Tell = func(string) {}
	}
	d, err := newDesk(c)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, d.close(context.WithoutCancel(ctx))) }()
	if err := d.open(ctx); err != nil {
		return Report{}, fmt.Errorf("opening the virtual desk: %w", err)
	}
	d.work(ctx)
	d.comeToRest(context.WithoutCancel(ctx))
	return d.report(), nil
}
