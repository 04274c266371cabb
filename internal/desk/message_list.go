package desk

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type messagesInput struct {
	ConversationPath
	After  int64 `query:"after" minimum:"-1" default:"-1" doc:"From the message after this seq on; when absent or -1, the newest"`
	Before int64 `query:"before" minimum:"0" doc:"Only messages before this seq; 0 for all"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
}

type messagesOutput struct{ Body messagesJSON }

type messagesJSON struct {
	Items   []messageJSON `json:"items" doc:"In order, the oldest first"`
	More    bool          `json:"more" doc:"There are others in the direction asked for: newer ones with after, older ones without"`
	LastSeq int64         `json:"last_seq" doc:"Of the conversation, in the reader's own numbering"`
}

func (s *Service) handleMessages(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
	by := caller.Must(ctx)
	var out messagesJSON
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		c, err := findConversation(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		r, err := mayRead(by, &c)
		if err != nil {
			return err
		}
		out, err = in.page(ctx, tx, r, &c)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", in.ID)
	api.Counted(ctx, len(out.Items))
	return &messagesOutput{out}, nil
}

// page is what was asked for, as the reader sees it.
func (in *messagesInput) page(ctx context.Context, tx *store.Tx, r reader, c *Conversation) (messagesJSON, error) {
	out := messagesJSON{Items: []messageJSON{}, LastSeq: r.last(c)}
	found, err := in.find(ctx, tx, r)
	if err != nil {
		return out, err
	}
	if out.More = len(found) > in.Limit; out.More {
		found = found[:in.Limit]
	}
	if in.After < 0 {
		slices.Reverse(found)
	}
	around, err := mentionedIn(ctx, tx, found...)
	for i := range found {
		out.Items = append(out.Items, found[i].json(r, around))
	}
	return out, err
}

// find reads one message more than the limit: upwards from after, otherwise downwards from the newest.
func (in *messagesInput) find(ctx context.Context, tx *store.Tx, r reader) ([]Message, error) {
	w := tx.Where("m")
	w.And("m.conversation_id = ?", in.ID)
	r.narrow(w)
	direction := " DESC"
	if in.After >= 0 {
		w.And(r.column()+" > ?", in.After)
		direction = ""
	}
	if in.Before > 0 {
		w.And(r.column()+" < ?", in.Before)
	}
	return store.Collect(ctx, tx, scanMessage, `SELECT`+messageColumns+`
		FROM messages m`+w.String()+`
		ORDER BY `+r.column()+direction+`
		LIMIT `+w.First(in.Limit+1), w.Args()...)
}
