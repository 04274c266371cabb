package store_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// wire stands between a program and PostgreSQL and writes down what the program says, message by
// message (PostgreSQL documentation, "Frontend/Backend Protocol").
type wire struct {
	address string // the server's, through the wire
	server  string // host and port

	mu       sync.Mutex
	messages []string // type and content
}

func newWire(t *testing.T, address string) *wire {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	w := &wire{server: u.Host}
	u.Host = listener.Addr().String()
	w.address = u.String()
	go func() {
		for {
			program, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(program)
		}
	}()
	return w
}

func (w *wire) carry(program net.Conn) {
	defer program.Close()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	go func() {
		io.Copy(program, server)
		program.Close()
	}()
	defer server.Close()
	for typeLength := 0; ; typeLength = 1 { // the first message has no type
		message, err := readMessage(program, typeLength)
		if err != nil {
			return
		}
		if typeLength > 0 {
			w.mu.Lock()
			w.messages = append(w.messages, fmt.Sprintf("%c %s", message[0], message[5:]))
			w.mu.Unlock()
		}
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}

func readMessage(from io.Reader, typeLength int) ([]byte, error) {
	head := make([]byte, typeLength+4)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(head[typeLength:])-4)
	_, err := io.ReadFull(from, body)
	return append(head, body...), err
}

func (w *wire) length() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.messages)
}

func (w *wire) since(n int) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.messages[n:])
}

// roundTrips counts the messages after which the program waits for the server: Sync and Query.
func roundTrips(messages []string) int { return ofType(messages, "SQ") }

// executions counts the statements run: Execute and Query.
func executions(messages []string) int { return ofType(messages, "EQ") }

func ofType(messages []string, types string) int {
	n := 0
	for _, m := range messages {
		if strings.Contains(types, m[:1]) {
			n++
		}
	}
	return n
}
