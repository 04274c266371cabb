package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// aliveFor is how long somebody counts as there after their node has said so, or after they polled. Nodes
// say so three times in that time.
const aliveFor = 45 * time.Second

// polling is the source of those who are there without a connection. No node has this name: that of a node
// stands with a sign before it.
const polling = "poll"

// source is how this node signs.
func (s *Service) source() string { return "node " + s.config.Node }

// Present notes that these users have a connection to this node. It must be called every 15 seconds, and
// when somebody's first connection opens. It sets nobody online: who opens the app on another machine has
// not come to work. Users whom the tenant does not have are passed over. It leaves no record.
func (s *Service) Present(ctx context.Context, tenant string, users []string) error {
	return s.there(ctx, tenant, s.source(), users)
}

// Polled notes that a user is there who asks now and then and holds no connection.
func (s *Service) Polled(ctx context.Context, tenant, user string) error {
	return s.there(ctx, tenant, polling, []string{user})
}

func (s *Service) there(ctx context.Context, tenant, source string, users []string) error {
	if len(users) == 0 {
		return nil
	}
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		if err := renewPresences(ctx, tx, source, users); err != nil {
			return err
		}
		back, err := foundAgain(ctx, tx, users)
		if err == nil && back > 0 {
			s.agentsChanged(tx)
		}
		return err
	})
}

// Absent notes that the last connection of a user to this node has closed. Who is connected nowhere else
// is given nothing new from then on.
func (s *Service) Absent(ctx context.Context, tenant, user string) error {
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		if err := deletePresence(ctx, tx, user, s.source()); err != nil {
			return err
		}
		missed, err := loseAgent(ctx, tx, user)
		s.tellMissed(tx, missed)
		return err
	})
}

// sweepPresence takes away what ran out, and notes since when those are missed who are connected nowhere
// any more: a node that died tells nobody.
func (s *Service) sweepPresence(ctx context.Context, tx *store.Tx) error {
	missed, err := loseAgents(ctx, tx)
	if err != nil {
		return err
	}
	s.tellMissed(tx, missed)
	return deleteOldPresences(ctx, tx)
}

// tellMissed has the desk told, after the commit, that somebody is missed.
func (s *Service) tellMissed(tx *store.Tx, missed int64) {
	if missed > 0 {
		s.agentsChanged(tx)
	}
}
