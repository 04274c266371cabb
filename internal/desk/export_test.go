package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// For tests from outside, which run the whole program.
var (
	AttachFile = attachFile
	AddWords   = addWords
	WithWords  = withWords
	CheckText  = checkText

	// Phrases are what transcripts say in each language.
	Phrases = []map[string]string{english, chinese}
)

// SweepPresence, SweepAgents and SweepSupervisions are parts of what the dispatcher does every two seconds.
func (s *Service) SweepPresence(ctx context.Context, tenant string) error {
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error { return s.sweepPresence(ctx, tx) })
}

// Rests tells whether this node does not look at the desk of a tenant.
func (s *Service) Rests(tenant string) bool {
	_, rests := s.rests.desks[tenant]
	return rests && !s.rests.stirred[tenant]
}

func (s *Service) SweepAgents(ctx context.Context, tenant string) error {
	return s.sweepAgents(ctx, tenant)
}

func (s *Service) SweepSupervisions(ctx context.Context, tenant string) error {
	return s.sweepSupervisions(ctx, tenant)
}

// Happened tells the node what nobody told it: that something has happened at the desk of a tenant.
func (s *Service) Happened(tenant string) { s.happened(tenant) }

// Give gives a conversation to an agent in a transaction that goes on.
func (s *Service) Give(ctx context.Context, tx *store.Tx, conversation, agent string) error {
	_, err := s.edit(ctx, tx, conversation, func(e *edit) error {
		return e.give(ctx, claim{agent: agent, how: Assigned})
	})
	return err
}
