// Package realtime holds the live connections: WebSockets that programs open with their access token,
// and browsers with a ticket, which opens one within thirty seconds; and the streams that they follow.
//
// What a stream holds is made by a [Feed], which the desk is. The events are rows of the database, and
// this package only sees to it that they are read in time: when a node says that something happened, and
// every second in any case. Every event of a stream has a number, and a client that comes again says the
// last one that it has. Nothing is ever left out silently: whoever takes less than is sent is cut off, and
// comes again.
//
// A connection belongs to the session that opened it, not to the token. The token was a proof that the
// session was alive, good for two hours because nobody asks about a token meanwhile; about a connection
// somebody asks twice a second, so that it may outlive the token, and must not outlive the session. It
// closes with 4403 as soon as a request of the same caller would be refused: at once when the session
// ends on this node, and within a second when it ends anywhere else. What voids the tokens of a session
// and spares the session, such as a changed password, closes its connections too; they come back with a
// fresh token or ticket. When nobody can be asked, nobody goes on: the connection closes with 1013.
//
// Opening and closing leave a record each, and every minute in which something was said leaves one with
// the count. The order is that of a request: nothing is answered before its record is kept.
package realtime

import (
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/chore"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB       *store.DB
	Cluster  *cluster.Cluster
	Audit    *audit.Service
	Sessions *session.Service
	Limits   Limits

	// Feed begins the feed of a tenant that somebody follows; nil when there is nothing to be followed.
	Feed     func(tenant string) Feed
	Presence Presence
}

// Service gives out tickets, holds connections and looks after the streams that they follow.
type Service struct {
	config   Config
	hub      *hub
	rounds   *rounds
	tails    *tails
	polls    polls
	presence *presence
	ahead    chore.Chore
}

// New returns a Service. Until [Service.Start] nobody looks after its connections.
func New(config Config) *Service {
	config.Limits = config.Limits.withDefaults()
	limits := config.Limits
	rounds := newRounds(limits)
	s := &Service{
		config: config, hub: newHub(limits, rounds.ask), rounds: rounds, tails: newTails(config.Feed, limits.Look),
		polls: polls{limit: limits.PerUser, draining: make(chan struct{}), counts: map[userKey]int{}}, presence: newPresence(config.Presence, limits.Present),
	}
	s.subscribe()
	return s
}

// Start has the connections looked after.
func (s *Service) Start() {
	s.rounds.start()
	s.ahead.Start(s.config.Limits.Recheck, s.askAhead)
	s.presence.start()
}

// Reconsider has the connections of a user ask at once whether they may go on; those of everybody in
// the tenant when user is "". It does not wait for the answers. Whatever ends sessions calls it.
func (s *Service) Reconsider(tenant, user string) { s.hub.reconsider(tenant, user) }

// Connections is how many WebSockets are open at this node.
func (s *Service) Connections() int { return s.hub.connections() }

// Drain has everybody answered who waits for events, and nobody wait any more.
func (s *Service) Drain() { s.polls.drain.Do(func() { close(s.polls.draining) }) }

// Stop closes every connection with 1001 and returns when the last one has left its record. From then
// on none is opened. It may be called more than once.
func (s *Service) Stop() {
	s.hub.stop()
	s.rounds.stop()
	s.ahead.Stop()
	s.tails.stop()
	s.presence.stop()
}

// Routes registers the operations.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "realtime-ticket", Method: http.MethodPost, Path: "/v1/realtime/tickets", Summary: "Get a ticket that opens a WebSocket, once",
		Access: api.SignedIn("everyone may connect"), Tenant: api.OfCaller, Event: "realtime.ticket",
		NeedsNoRoom: true, Limit: api.Small, Status: http.StatusCreated,
	}, s.handleTicket)
	api.RegisterSocket(a, api.Operation{
		ID: "realtime-connect", Path: "/v1/realtime", Summary: "Open a WebSocket",
		Access: api.SignedIn("everyone may connect; what is said on the connection is decided one by one"),
		Tenant: api.OfCaller, Event: "realtime.connect", Limit: api.Small,
	}, api.Socket{Identify: s.holder, Open: s.open})
	api.Register(a, api.Operation{
		ID: "events-read", Method: http.MethodGet, Path: "/v1/events", Summary: "Wait for what happens, without a WebSocket",
		Access: api.SignedIn("everyone may ask; each stream is decided by itself"),
		Tenant: api.OfCaller, Event: "realtime.poll", Limit: api.Small,
	}, s.handlePoll)
}
