package realtime

import (
	"context"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// converse answers one message after the other and returns how the connection ended. It reads the next
// one when the answer to the last has been taken, so that a peer that does not listen is not listened to.
func (s *socket) converse(ctx context.Context, conn *websocket.Conn) ending {
	for {
		kind, text, err := conn.Read(ctx)
		switch {
		case err != nil:
			return endingOf(err)
		case s.finished():
			return s.ending
		case kind != websocket.MessageText:
			return notText
		case !utf8.Valid(text): // RFC 6455, section 8.1; the library leaves it to us
			return notUTF8
		}
		s.messages.Add(1)
		if err := s.send(ctx, conn, answer(text)); err != nil {
			return tooSlow
		}
	}
}

// send gives the peer so long to take a message.
func (s *socket) send(ctx context.Context, conn *websocket.Conn, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, s.service.config.Limits.Patience)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, text)
}
