package virtualdesk

import (
	"net/http"
	"net/url"
	"sync/atomic"
)

// route sends the requests of one person to a node of the server, and to the next one when that does not
// answer: as if an address in front of all nodes did it.
type route struct {
	nodes []*url.URL
	at    atomic.Int32
	via   http.RoundTripper
}

// anyNode is the server as requests name it, whichever node they go to.
const anyNode = "http://desk.invalid"

// RoundTrip sends a request once.
func (r *route) RoundTrip(asked *http.Request) (*http.Response, error) {
	at := r.at.Load()
	node := r.nodes[int(at)%len(r.nodes)]
	sent := asked.Clone(asked.Context())
	sent.URL.Scheme, sent.URL.Host, sent.Host = node.Scheme, node.Host, ""
	answer, err := r.via.RoundTrip(sent)
	if err != nil && asked.Context().Err() == nil || err == nil && answer.StatusCode == http.StatusServiceUnavailable {
		r.at.CompareAndSwap(at, at+1)
	}
	return answer, err
}
