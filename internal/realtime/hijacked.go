package realtime

import (
	"bufio"
	"net"
	"net/http"
)

// hijacked remembers the connection that the library takes over, which the library itself does not give
// out and which alone can be closed whatever anybody waits for.
type hijacked struct {
	http.ResponseWriter
	wire net.Conn
}

// Hijack is [http.Hijacker].
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	wire, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	h.wire = wire
	return wire, buffers, err
}
