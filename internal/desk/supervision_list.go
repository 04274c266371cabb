package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type supervisionsOutput struct {
	Body struct {
		Items []supervisorJSON `json:"items" doc:"The first to come first"`
	}
}

// handleSupervisions lists who watches, for those who might watch themselves.
func (s *Service) handleSupervisions(ctx context.Context, in *ConversationPath) (*supervisionsOutput, error) {
	by := caller.Must(ctx)
	out := &supervisionsOutput{}
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		c, err := findConversation(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := by.Require("conversation:monitor", c.object(by.Tenant)); err != nil {
			return err
		}
		if by.User == c.Requester || by.User == c.holder() {
			return errOwnConversation
		}
		open, err := supervisionsOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		out.Body.Items, err = supervisorsJSON(ctx, tx, open)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", in.ID)
	api.Counted(ctx, len(out.Body.Items))
	return out, nil
}

// supervisorsShown are those in a conversation of whom the reader knows: its requester of who has barged
// in, everybody else of who whispers too, and of who only listens unless the desk hides them from agents.
func supervisorsShown(ctx context.Context, tx *store.Tx, c *Conversation, r reader) ([]supervisorJSON, error) {
	open, err := supervisionsOf(ctx, tx, c.ID)
	if err != nil || len(open) == 0 {
		return []supervisorJSON{}, err
	}
	settings, err := loadSettings(ctx, tx)
	if err != nil {
		return nil, err
	}
	var shown []Supervision
	for _, v := range open {
		if v.shownTo(r, settings) {
			v.Reason = "" // for other supervisors
			shown = append(shown, v)
		}
	}
	return supervisorsJSON(ctx, tx, shown)
}

// shownTo tells whether the reader knows of the supervision.
func (v Supervision) shownTo(r reader, settings Settings) bool {
	switch {
	case v.Mode == Barging:
		return true
	case r.requester:
		return false
	}
	return v.Mode == Whispering || settings.MonitorsShown || r.whispers || r.user == v.User
}

func supervisorsJSON(ctx context.Context, tx *store.Tx, list []Supervision) ([]supervisorJSON, error) {
	var ids []string
	for _, v := range list {
		ids = append(ids, v.User)
	}
	names, err := findPeople(ctx, tx, ids)
	items := []supervisorJSON{}
	for _, v := range list {
		items = append(items, v.json(names))
	}
	return items, err
}
