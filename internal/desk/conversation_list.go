package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type conversationsInput struct {
	api.PageInput
	ConversationFilter
	Order string `query:"order" enum:"updated,waiting" default:"updated" doc:"updated: the latest first. waiting: who is served first, of what others asked"`
}

// order is a way to sort a list, in SQL and in Go.
type order struct {
	column string                   // before the id
	place  func(Conversation) int64 // what stands there
	latest bool                     // comes first
}

// Requesters see their own by what they may notice: the place of a row would tell of the rest.
var (
	byUpdate  = order{"c.updated_at", func(c Conversation) int64 { return c.UpdatedAt.UnixMicro() }, true}
	byNotice  = order{"c.noticed_at", func(c Conversation) int64 { return c.NoticedAt.UnixMicro() }, true}
	byWaiting = order{"c.queued_at - c.priority * 60000000", func(c Conversation) int64 { return c.QueuedAt.Add(-c.ahead()).UnixMicro() }, false}
)

func (in *conversationsInput) order(own bool) order {
	switch {
	case in.Order == "waiting":
		return byWaiting
	case own:
		return byNotice
	}
	return byUpdate
}

// sorted ends a query, and beyond is true for what comes after a place.
func (o order) sorted() string {
	if o.latest {
		return o.column + " DESC, c.id DESC"
	}
	return o.column + ", c.id"
}

func (o order) beyond() string {
	if o.latest {
		return "(" + o.column + ", c.id) < (?, ?)"
	}
	return "(" + o.column + ", c.id) > (?, ?)"
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
	key := func(c Conversation) []string { return []string{strconv.FormatInt(in.place(by, c), 10), c.ID} }
	return api.NewPage(ctx, in.PageInput, found, item, key, filters...), nil
}

// place is where a conversation stands in the list.
func (in *conversationsInput) place(by *caller.Caller, c Conversation) int64 {
	return in.order(c.Requester == by.User).place(c)
}

// find returns the conversations of a page, one more than the limit: the first of what would be on it of each
// part alone. Who sees a conversation in two ways finds it twice.
func (in *conversationsInput) find(ctx context.Context, tx *store.Tx, by *caller.Caller, after []string) (found []Conversation, err error) {
	ways := apart
	if in.searches() { // which finds rows by their words, and would do so once for each way
		ways = together
	}
	parts, err := in.parts(tx, by, ways)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		first, err := in.findPart(ctx, tx, p, after)
		if err != nil {
			return nil, err
		}
		found = append(found, first...)
	}
	slices.SortFunc(found, func(a, b Conversation) int {
		if in.order(false).latest {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(in.place(by, a), in.place(by, b)), strings.Compare(a.ID, b.ID))
	})
	found = slices.CompactFunc(found, func(a, b Conversation) bool { return a.ID == b.ID })
	return found[:min(len(found), in.Limit+1)], nil
}

func (in *conversationsInput) findPart(ctx context.Context, tx *store.Tx, p part, after []string) ([]Conversation, error) {
	if p.own && in.Order == "waiting" { // the place depends on the priority, which requesters do not see
		return nil, nil
	}
	o := in.order(p.own)
	if len(after) == 2 {
		place, err := strconv.ParseInt(after[0], 10, 64)
		if err != nil {
			return nil, err
		}
		p.And(o.beyond(), place, after[1])
	}
	return store.Collect(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c`+p.String()+`
		ORDER BY `+o.sorted()+`
		LIMIT `+p.First(in.Limit+1), p.Args()...)
}
