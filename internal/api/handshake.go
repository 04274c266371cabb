package api

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// SocketProtocol is the WebSocket subprotocol that Usher speaks, and the only one that an answer names.
const SocketProtocol = "usher.v1"

const (
	// ticketPrefix begins the subprotocol that is none: it carries the ticket of a browser, whose
	// WebSocket can send nothing else of its own, and is never answered. Addresses get into logs.
	ticketPrefix   = "usher.ticket."
	protocolHeader = "Sec-Websocket-Protocol"
	socketVersion  = "13" // of RFC 6455
	socketKeySize  = 16   // bytes of the nonce (RFC 6455, section 4.1)
)

// ticket is the one that a browser shows, "" when there is none. Other operations have no tickets.
func (s *Socket) ticket(h http.Header) (string, error) {
	ticket := ""
	for _, offered := range listed(h, protocolHeader) {
		found, isTicket := strings.CutPrefix(offered, ticketPrefix)
		if s == nil || !isTicket {
			continue
		}
		if ticket != "" || found == "" {
			return "", errBadHandshake.With("there is not one ticket")
		}
		ticket = found
	}
	return ticket, nil
}

// check refuses what is no handshake (RFC 6455, section 4.2.1), so that nothing can go wrong any more
// once the record says that the connection was opened. Other operations ask for none.
func (s *Socket) check(r *http.Request) error {
	if s == nil {
		return nil
	}
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-Websocket-Key"))
	offered := listed(r.Header, protocolHeader)
	switch {
	case r.Method != http.MethodGet || r.ProtoMajor != 1 || r.ProtoMinor != 1:
		return errNoHandshake.With("the handshake is a GET of HTTP/1.1")
	case !lists(r.Header, "Connection", "upgrade") || !lists(r.Header, "Upgrade", "websocket"):
		return errNoHandshake
	case r.Header.Get("Sec-Websocket-Version") != socketVersion:
		return errNoHandshake.With("the version must be %s", socketVersion)
	case len(r.Header.Values("Sec-Websocket-Key")) != 1 || err != nil || len(key) != socketKeySize:
		return errBadHandshake.With("Sec-WebSocket-Key must be %d bytes in base64", socketKeySize)
	case len(offered) > 0 && !slices.Contains(offered, SocketProtocol):
		return errBadHandshake.With("the protocol %s is not among those offered", SocketProtocol)
	}
	return nil
}

// listed are the elements of a header that is a list (RFC 9110, section 5.6.1).
func listed(h http.Header, name string) (elements []string) {
	for _, line := range h.Values(name) {
		for element := range strings.SplitSeq(line, ",") {
			if element = strings.Trim(element, " \t"); element != "" {
				elements = append(elements, element)
			}
		}
	}
	return elements
}

// lists tells whether a header that is a list of names has one, in any case.
func lists(h http.Header, name, wanted string) bool {
	return slices.ContainsFunc(listed(h, name), func(element string) bool { return strings.EqualFold(element, wanted) })
}
