package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/server"
)

// nodes are processes of usher serve, children of this one.
type nodes struct {
	program string
	place   server.Place
	redis   string
	ports   []string
	errors  io.Writer

	mu      sync.Mutex // guards what follows
	running []*node
	killed  int
}

// node is one of them.
type node struct {
	command  *exec.Cmd
	lifeline io.Closer // its standard input: it ends with this process, however that ends
	ended    chan struct{}
}

// Between two killings of nodes there is enough time for work, and for what a killed one leaves behind to be
// noticed.
const killAfter, killWithin = 2 * time.Second, 6 * time.Second

// startNodes starts one node for each address. The nodes that did start are returned with an error too.
func startNodes(place server.Place, ports []string, redis string, errors io.Writer) (*nodes, error) {
	n := &nodes{place: place, redis: redis, ports: ports, errors: errors, running: make([]*node, len(ports))}
	var err error
	if n.program, err = os.Executable(); err != nil {
		return n, err
	}
	for i := range ports {
		if err := n.start(i); err != nil {
			return n, err
		}
	}
	return n, nil
}

// start starts a node and returns when it serves.
func (n *nodes) start(i int) error {
	command := exec.Command(n.program, "serve", "--lifeline", "--data", n.place.Data, "--listen", n.ports[i],
		"--url", "http://"+n.ports[0], "--node", fmt.Sprintf("node-%d", i+1))
	command.Env = n.environment()
	setApart(command)
	lifeline, err := command.StdinPipe()
	if err != nil {
		return err
	}
	output, err := command.StderrPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	started := &node{command: command, lifeline: lifeline, ended: make(chan struct{})}
	n.mu.Lock()
	n.running[i] = started
	n.mu.Unlock()
	serves := make(chan bool, 1)
	go n.listen(started, output, serves)
	if !<-serves {
		return fmt.Errorf("node %d did not start", i+1)
	}
	return nil
}

// environment is this process's without what is meant for another usher serve. Addresses with passwords
// are not for the command line, which everybody on the machine sees.
func (n *nodes) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "USHER_") })
	return append(env, "USHER_POSTGRES="+n.place.Postgres, "USHER_REDIS="+n.redis)
}

// listen passes on what a node complains about, and tells once whether it serves.
func (n *nodes) listen(of *node, output io.Reader, serves chan<- bool) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		switch text := lines.Text(); {
		case strings.Contains(text, " listens on "):
			serves <- true
		case strings.Contains(text, "level=ERROR") || strings.HasPrefix(text, "usher: ") || strings.HasPrefix(text, "panic: "):
			fmt.Fprintln(n.errors, text)
		}
	}
	_ = of.command.Wait() // it was told to end, or killed
	close(of.ended)
	select {
	case serves <- false:
	default:
	}
}

// disturb kills a node now and then and starts it again, one at a time, until the context ends.
func (n *nodes) disturb(ctx context.Context) {
	for wait(ctx, killAfter+rand.N(killWithin)) {
		i := rand.IntN(len(n.ports))
		n.mu.Lock()
		victim := n.running[i]
		n.killed++
		n.mu.Unlock()
		_ = victim.command.Process.Kill() // it may have ended by itself, which starting it again shows
		<-victim.ended
		if err := n.start(i); err != nil {
			fmt.Fprintln(n.errors, "usher:", err)
		}
	}
}

func (n *nodes) killings() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.killed
}

// nodePatience is how long a node may take to end by itself.
const nodePatience = 20 * time.Second

// stop ends all nodes.
func (n *nodes) stop() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, one := range n.running {
		if one != nil {
			one.lifeline.Close()
		}
	}
	var err error
	for i, one := range n.running {
		if one == nil {
			continue
		}
		select {
		case <-one.ended:
		case <-time.After(nodePatience):
			_ = one.command.Process.Kill()
			<-one.ended
			err = errors.Join(err, fmt.Errorf("node %d did not end and was killed", i+1))
		}
	}
	return err
}

// wait waits, and tells whether the context still goes on.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
