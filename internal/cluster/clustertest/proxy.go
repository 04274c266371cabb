// Package clustertest stands between a node and its Redis, or its PostgreSQL, and lets tests break what passes.
package clustertest

import (
	"bufio"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Proxy passes connections on to a server, unless a test has told it otherwise.
type Proxy struct {
	URL string // of the proxy, in the place of the server's

	listener net.Listener
	redis    bool // what passes is understood
	running  sync.WaitGroup

	mu     sync.Mutex // guards what follows
	change *sync.Cond // of what follows
	server string
	conns  map[net.Conn]bool
	mode   mode
	delay  time.Duration
	times  func() int      // how often a message is passed on; nil for once
	caught chan<- struct{} // closed when the next message of a node is caught; nil when none is to be
}

type mode int

const (
	passing mode = iota
	hanging      // what arrives is kept
	cut          // whoever connects is sent away
	ended
)

// Between starts a proxy to the server at an address such as redis://127.0.0.1:6379 or postgres://127.0.0.1/usher. It ends with the
// test.
func Between(t testing.TB, address string) *Proxy {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{server: u.Host, redis: strings.HasPrefix(u.Scheme, "redis"), conns: map[net.Conn]bool{}}
	p.change = sync.NewCond(&p.mu)
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	u.Host = p.listener.Addr().String()
	p.URL = u.String()
	p.running.Go(p.accept)
	t.Cleanup(func() {
		p.become(ended)
		p.listener.Close()
		p.running.Wait()
	})
	return p
}

// Cut ends every connection and refuses new ones, as a server does that has stopped.
func (p *Proxy) Cut() { p.become(cut) }

// Hang keeps connections open and passes nothing on, as a server does that stands still. New ones hang
// too.
func (p *Proxy) Hang() { p.become(hanging) }

// Restore ends what Cut, Hang, Delay and Spoil have begun. What was kept is passed on.
func (p *Proxy) Restore() {
	p.Delay(0)
	p.Spoil(nil)
	p.become(passing)
}

// Delay holds up everything that passes, in each direction.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Spoil has each message that a node hears of another passed on as often as times says: not at all, once or
// twice. It is called by several goroutines.
func (p *Proxy) Spoil(times func() int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.times = times
}

// Lead passes connections on to another server. Those to the one before end.
func (p *Proxy) Lead(t testing.TB, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = u.Host
	p.endAll()
}

// Catch keeps the next message that a node publishes, and all that comes from then on, as Hang does. What it returns is
// closed when that has happened: the node has not been told yet whether anybody has heard.
func (p *Proxy) Catch() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	caught := make(chan struct{})
	p.caught = caught
	return caught
}

func (p *Proxy) become(m mode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = m
	if m == cut || m == ended {
		p.endAll()
	}
	p.change.Broadcast()
}

// endAll closes every connection; mu is held.
func (p *Proxy) endAll() {
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
}

func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(c) })
	}
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	if !p.keep(client) || !p.pass() {
		return
	}
	p.mu.Lock()
	address := p.server
	p.mu.Unlock()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.keep(server) {
		return
	}
	if !p.redis {
		p.running.Go(func() { p.copy(server, client) })
		p.copy(client, server)
		return
	}
	p.running.Go(func() { p.ask(server, client) })
	p.tell(client, server)
}

// keep reports whether connections are wanted, and remembers this one to be ended.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode == cut || p.mode == ended {
		return false
	}
	p.conns[c] = true
	return true
}

// copy passes on what one end sends to the other, until either is closed.
func (p *Proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && p.pass() {
			_, err = to.Write(buffer[:n])
		}
		if err != nil {
			return
		}
	}
}

// ask passes on what a node asks the server, command by command.
func (p *Proxy) ask(server, client net.Conn) {
	defer server.Close()
	defer client.Close()
	in := bufio.NewReader(client)
	for {
		command, err := readValue(in, nil)
		if p.catch(command); err == nil && p.pass() {
			_, err = server.Write(command)
		}
		if err != nil {
			return
		}
	}
}

// catch has nothing pass from now on, if a message was to be caught and this is one.
func (p *Proxy) catch(command []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.caught == nil || !isPublished(command) {
		return
	}
	p.mode = hanging
	close(p.caught)
	p.caught = nil
}

// tell passes on what the server says, value by value.
func (p *Proxy) tell(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	in := bufio.NewReader(server)
	for {
		value, err := readValue(in, nil)
		for range p.often(value) {
			if err == nil && p.pass() {
				_, err = client.Write(value)
			}
		}
		if err != nil {
			return
		}
	}
}

// often is how many times a value is passed on.
func (p *Proxy) often(value []byte) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times == nil || !isMessage(value) {
		return 1
	}
	return p.times()
}

// pass waits while nothing passes, or for the delay. It reports false when nothing ever will.
func (p *Proxy) pass() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.delay > 0 {
		timer := time.NewTimer(p.delay)
		p.mu.Unlock()
		<-timer.C
		p.mu.Lock()
	}
	for p.mode == hanging {
		p.change.Wait()
	}
	return p.mode == passing
}
