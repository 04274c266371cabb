package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

type streamRow struct {
	ID      string `json:"id"`
	Number  int64  `json:"number"`
	Subject string `json:"subject"`
	State   string `json:"state"`
	LastSeq int64  `json:"last_seq"`
	Version int64  `json:"version"`
	Face    string `json:"face"`
}

type streamView struct{ read map[string]map[string]int64 }

func (s *Service) streamView(ctx context.Context, tx *store.Tx, list ...Conversation) (*streamView, error) {
	return &streamView{}, nil
}

func (v *streamView) row(c *Conversation, r reader) streamRow {
	face := "agent"
	if r.requester {
		face = "requester"
	}
	return streamRow{c.ID, c.Number, c.Subject, string(c.State), r.last(c), c.Version, face}
}
