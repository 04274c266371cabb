package desk

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type conversationsInput struct {
	api.PageInput
	ConversationFilter
	Order string `query:"order" enum:"updated,waiting" default:"updated" doc:"updated: the latest first. waiting: who is served first, of what others asked"`
}

// order is a way to sort a list, with the values that stand for a row's place.
type order struct {
	by, beyond string
	place      func(Conversation) int64
}

var orders = map[string]order{
	"updated": {"c.updated_at DESC, c.id DESC", "(c.updated_at, c.id) < (?, ?)",
		func(c Conversation) int64 { return c.UpdatedAt.UnixMicro() }},
	"waiting": {"c.queued_at - c.priority * 60000000, c.id", "(c.queued_at - c.priority * 60000000, c.id) > (?, ?)",
		func(c Conversation) int64 { return c.QueuedAt.Add(-c.ahead()).UnixMicro() }},
}

func (s *Service) handleConversations(ctx context.Context, in *conversationsInput) (*api.PageOutput[conversationJSON], error) {
	filters := append(in.filters(), in.Order)
	after, err := in.After(ctx, filters...)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	var found []Conversation
	var v *view
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		if found, err = in.find(ctx, tx, by, after); err != nil {
			return err
		}
		v, err = s.view(ctx, tx, found[:min(len(found), in.Limit)]...)
		return err
	})
	if err != nil {
		return nil, err
	}
	item := func(c Conversation) conversationJSON { return v.row(&c, rowReader(by, &c)) }
	key := func(c Conversation) []string { return []string{strconv.FormatInt(orders[in.Order].place(c), 10), c.ID} }
	return api.NewPage(ctx, in.PageInput, found, item, key, filters...), nil
}

// find returns the conversations of a page, one more than the limit.
func (in *conversationsInput) find(ctx context.Context, tx *store.Tx, by *caller.Caller, after []string) ([]Conversation, error) {
	w, err := in.where(tx, by)
	if err != nil {
		return nil, err
	}
	o := orders[in.Order]
	if in.Order == "waiting" { // the place depends on the priority, which requesters do not see
		w.And("c.requester_id <> ?", by.User)
	}
	if len(after) == 2 {
		place, err := strconv.ParseInt(after[0], 10, 64)
		if err != nil {
			return nil, err
		}
		w.And(o.beyond, place, after[1])
	}
	return store.Collect(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c`+w.String()+`
		ORDER BY `+o.by+`
		LIMIT `+w.Param(1), w.Args(in.Limit+1)...)
}
