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

func (s *Service) SweepAgents(ctx context.Context, tenant string) error {
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		p, err := s.policyNow(ctx, tx)
		if err != nil {
			return err
		}
		return s.sweepAgents(ctx, tx, p)
	})
}

func (s *Service) SweepSupervisions(ctx context.Context, tenant string) error {
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		p, err := s.policyNow(ctx, tx)
		if err != nil {
			return err
		}
		return s.sweepSupervisions(ctx, tx, p)
	})
}
