package realtime

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
)

// hijacked remembers the connection that the library takes over, which the library itself does not give
// out and which alone can be closed whatever anybody waits for. The server's buffers stay behind: they
// are sized for requests, and a connection that says little for hours needs smaller ones.
type hijacked struct {
	http.ResponseWriter
	wire net.Conn
}

// What a connection buffers of what it reads and writes, in bytes. Longer messages pass through.
const (
	readBuffer  = 512
	writeBuffer = 1024
)

// Hijack is [http.Hijacker].
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	wire, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.wire = wire
	early, err := buffers.Reader.Peek(buffers.Reader.Buffered()) // what came along with the handshake
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReaderSize(bytes.NewReader(bytes.Clone(early)), max(readBuffer, len(early)))
	if _, err := in.Peek(len(early)); err != nil {
		return nil, nil, err
	}
	return wire, bufio.NewReadWriter(in, bufio.NewWriterSize(wire, writeBuffer)), nil
}
