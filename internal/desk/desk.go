// Package desk is the service desk: employees ask for help in conversations, agents work them, and
// supervisors watch over both.
//
// Three ideas carry it. A conversation changes in one way, [Service.edit]: its row is locked, changed,
// stored, and whoever follows it hears of it once that has committed. An assignee is set in one way,
// edit.give, whoever wants it: dispatch, an agent who takes, a supervisor who assigns. And what somebody
// sees of a conversation depends on their face: its requester sees what is said to them, whatever roles
// they hold besides, and everybody else what their permissions cover.
package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Config is what the package needs from its neighbours.
type Config struct {
	DB     *store.DB
	Audit  *audit.Service
	Policy *policy.Service
	Node   string // the name of this node
	Files  blob.Store

	// Room reports whether there is room for new work; nil where there always is.
	Room func() bool
	// Happened is told, after the commit, that something happened at the desk of a tenant.
	Happened func(tenant string)
	// CursorMoved is told, after the commit, that somebody was sent or has read more of a conversation.
	CursorMoved func(tenant, conversation string)
}

// Service runs the desks of all tenants.
type Service struct {
	config     Config
	dispatcher *dispatcher
	sweep      *sweep
	rests      *rests
	files      *fileSweep
}

// New returns a Service.
func New(config Config) *Service {
	if config.Room == nil {
		config.Room = func() bool { return true }
	}
	s := &Service{config: config, sweep: newSweep(), rests: newRests(), files: newFileSweep()}
	s.dispatcher = newDispatcher(s)
	return s
}

// Start runs what the desk does beside requests. It may be called more than once.
func (s *Service) Start() {
	s.dispatcher.start()
	s.sweep.start(s.Sweep)
	s.files.start(s.SweepFiles)
}

// Stop ends it. It may be called more than once, and without Start.
func (s *Service) Stop() {
	s.files.stop()
	s.sweep.stop()
	s.dispatcher.stop()
}

// Routes registers the operations of the desk.
func (s *Service) Routes(a *api.API) {
	s.conversationRoutes(a)
	s.workRoutes(a)
	s.settingsRoutes(a)
	s.skillRoutes(a)
	s.messageRoutes(a)
	s.dispatchRoutes(a)
	s.boardRoutes(a)
	s.reportRoutes(a)
	s.fileRoutes(a)
	s.cursorRoutes(a)
	s.supervisionRoutes(a)
	s.agentRoutes(a)
	s.statusRoutes(a)
	s.transcriptRoutes(a)
	s.tagRoutes(a)
	s.cannedReplyRoutes(a)
}

// policyNow is the policy of the transaction's tenant, which stays as it is until the transaction ends: nobody
// becomes an assignee by a permission that is being taken away.
func (s *Service) policyNow(ctx context.Context, tx *store.Tx) (*policy.Compiled, error) {
	version, err := tenant.Share(ctx, tx)
	if err != nil {
		return nil, err
	}
	return s.config.Policy.At(ctx, tx, version)
}

// forUpdate ends a query whose rows, of the table with this alias, must stay as they are until the
// transaction ends. SQLite has one writer at a time and needs no such words.
func forUpdate(tx *store.Tx, alias string) string {
	if tx.Dialect() == store.PostgreSQL {
		return "\n\t\tFOR UPDATE OF " + alias
	}
	return ""
}
