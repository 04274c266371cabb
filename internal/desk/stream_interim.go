package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

type conversationJSON struct {
	ID      string `json:"id"`
	Number  int64  `json:"number"`
	Subject string `json:"subject"`
	State   string `json:"state"`
	LastSeq int64  `json:"last_seq"`
	Version int64  `json:"version"`
	Face    string `json:"face"`
}

type view struct{ read map[string]map[string]int64 }

func (s *Service) view(ctx context.Context, tx *store.Tx, list ...Conversation) (*view, error) {
	return &view{}, nil
}

func (v *view) row(c *Conversation, r reader) conversationJSON {
	face := "agent"
	if r.requester {
		face = "requester"
	}
	return conversationJSON{c.ID, c.Number, c.Subject, string(c.State), r.last(c), c.Version, face}
}
