package realtime

import (
	"context"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/fault"
)

// converse does what one message after the other asks for, and returns how the connection ended. It reads
// the next one when the answers to those before have been taken, so that a peer that does not listen is
// not listened to.
func (s *socket) converse(conn *websocket.Conn) ending {
	for {
		kind, text, err := conn.Read(s.work)
		switch {
		case err != nil:
			return endingOf(err)
		case s.finished():
			return s.how()
		case kind != websocket.MessageText:
			return notText
		case !utf8.Valid(text): // RFC 6455, section 8.1; the library leaves it to us
			return notUTF8
		}
		s.messages.Add(1)
		s.hear(text)
		s.out.settle()
	}
}

// hear does what a message asks for, on another goroutine, whose stack is given back afterwards: that of
// the reading one stays as long as the connection.
func (s *socket) hear(text []byte) {
	done := make(chan struct{})
	if s.begin(func() { defer close(done); s.obey(text) }) {
		<-done
	}
}

func (s *socket) obey(text []byte) {
	m, err := readMessage(text)
	if err == nil {
		err = s.paced()
	}
	switch {
	case err != nil:
	case m.Type == typeEcho:
		s.out.put(m.frame())
	case m.Type == typeFollow:
		err = s.follow(m)
	case m.Type == typeUnfollow:
		err = s.unfollow(m)
	case m.Type == typeTyping:
		err = s.typing(m)
	}
	if err != nil {
		s.out.put(m.refused(err).frame())
	}
}

// paced refuses a message of a peer that says too much. It is not looked at, and leaves no record of its
// own: that of the minute counts it.
func (s *socket) paced() error {
	l := s.service.config.Limits
	now := time.Now()
	rested := now
	if s.rested.After(now) {
		rested = s.rested
	}
	if wait := rested.Sub(now) - l.Pace*time.Duration(l.Messages-1); wait > 0 {
		return fault.ErrTooMany.With("a connection may say %d messages at once, and then one every %v", l.Messages, l.Pace)
	}
	s.rested = rested.Add(l.Pace)
	return nil
}

// deliver has what is queued sent.
func (s *socket) deliver() bool { return s.begin(s.send) }

// overflow ends the connection: its peer comes back and says where it was.
func (s *socket) overflow() { s.begin(func() { s.finish(behind) }) }

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// send sends what is queued, until nothing is. A peer that does not take a message in time is cut off.
func (s *socket) send() {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	for f, ok := s.out.take(); ok; f, ok = s.out.take() {
		*buffer = f.write((*buffer)[:0])
		if err := s.write(*buffer); err != nil {
			s.finish(tooSlow)
		}
	}
}

// write gives the peer so long to take a message.
func (s *socket) write(text []byte) error {
	ctx, cancel := context.WithTimeout(s.work, s.service.config.Limits.Patience)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, text)
}
