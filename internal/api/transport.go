package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/usher-desk/usher/internal/fault"
)

var errInsecure = fault.Define(fault.Forbidden, "https_required",
	"This came over a connection that others can read.", "请求经由未加密的连接到达。",
	"Use https. A proxy in front must send X-Forwarded-Proto: https, and its address be given with --trusted-proxy.")

// Proxies are the networks of the proxies in front: what they say about whom a request is from and how it came
// counts, what others say does not.
type Proxies []netip.Prefix

func (p Proxies) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(a) })
}

// peerOf is the other end of the connection; the zero Addr when it has none that is known.
func peerOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap()
}

// client is whom a request is from. Each proxy has added the address that it saw at the right end, so the first
// that is no trusted proxy's, read from there, is the client's; what stands to its left is what it claims.
func (p Proxies) client(r *http.Request) netip.Addr {
	client := peerOf(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.trusts(client) {
			break
		}
		before, err := parseHop(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = before
	}
	return client
}

// parseHop reads an address as proxies write it: alone, or with a port.
func parseHop(text string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return a.WithZone("").Unmap(), nil
	}
	a, err := netip.ParseAddrPort(text)
	return a.Addr().WithZone("").Unmap(), err
}

// secure tells whether the public address is https.
func (a *API) secure() bool { return strings.HasPrefix(a.config.URL, "https://") }

// checkTransport refuses what came over a connection that others can read, where the public address is https: a
// token or password in it may be known to them by now. On the machine itself nobody listens in.
func (a *API) checkTransport(r *http.Request) error {
	if r.TLS != nil || fromMachine(r.Context()) || !a.secure() {
		return nil
	}
	peer := peerOf(r)
	if a.config.Proxies.trusts(peer) {
		if proto := r.Header.Values("X-Forwarded-Proto"); len(proto) == 1 && strings.EqualFold(proto[0], "https") {
			return nil
		}
		return errInsecure
	}
	if peer.IsLoopback() {
		return nil
	}
	return errInsecure
}
