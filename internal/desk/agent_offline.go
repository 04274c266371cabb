package desk

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

var errOpenConversations = fault.Define(fault.Conflict, "open_conversations", "The agent still works on conversations.", "该坐席还有未结束的会话。",
	"`errors` lists those that you may read, each with its address, number and subject. Send the same with `release` to return them to the queue, or with `keep`.")

// errGiven says that somebody has given a conversation to an agent while they gave back what they had. It never leaves
// the package.
var errGiven = errors.New("desk: the agent was given a conversation meanwhile")

// settle decides what becomes of what an agent holds who shall have another status. Whoever goes offline
// is asked first. Conversations are locked before their agent, as everywhere.
func (s *Service) settle(ctx context.Context, tx *store.Tx, by *caller.Caller, a Agent, wish statusWish) error {
	if wish.Status != Offline {
		return nil
	}
	if wish.Release {
		if _, err := next(ctx, tx, turn); err != nil { // dispatch gives them nothing meanwhile
			return err
		}
		given, err := s.giveBack(ctx, tx, a.User.ID, "offline")
		if err != nil {
			return err
		}
		for _, c := range given {
			api.Touched(ctx, "conversation", c)
		}
	}
	if _, err := lockSlots(ctx, tx, a.User.ID); err != nil { // nothing is given to them from here on
		return err
	}
	open, err := heldBy(ctx, tx, a.User.ID)
	if err != nil || len(open) == 0 || wish.Keep && !wish.Release {
		return err
	}
	if wish.Release {
		return errGiven
	}
	return openConversations(by, open)
}

// giveBack returns to the queue, with its age, everything that an agent holds, and says what that was.
func (s *Service) giveBack(ctx context.Context, tx *store.Tx, agent, reason string) (given []string, err error) {
	open, err := heldBy(ctx, tx, agent)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	all, err := s.lockAll(ctx, tx, idsOf(open))
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.now.holder() != agent {
			continue // somebody else was faster
		}
		given = append(given, e.now.ID)
		if err := e.sendBack(ctx, reason); err != nil {
			return nil, err
		}
	}
	return given, all.finish(ctx)
}

// sendBack returns the conversation to the queue, with its age.
func (e *edit) sendBack(ctx context.Context, reason string) error {
	agent := e.now.holder()
	if err := e.release(ctx, Queued, reason); err != nil {
		return err
	}
	return e.line(ctx, "requeued", true, Details{"agent": agent, "reason": reason})
}

// openConversations refuses to leave conversations alone unasked. Numbers and subjects are for whoever may
// read the conversation.
func openConversations(by *caller.Caller, open []Conversation) error {
	reads, err := by.Filter("conversation:read")
	if err != nil {
		return err
	}
	refusal := errOpenConversations.With("%d are open", len(open))
	for _, c := range open {
		if reads.Covers(c.object(by.Tenant)) {
			refusal.Places = append(refusal.Places, fault.Place{
				Location: "/v1/conversations/" + c.ID, Message: fmt.Sprintf("#%d %s", c.Number, c.Subject),
			})
		}
	}
	return refusal
}

// heldBy returns what an agent holds, oldest first.
func heldBy(ctx context.Context, tx *store.Tx, agent string) ([]Conversation, error) {
	return store.Collect(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.assignee_id = $2 AND c.state IN ('active', 'on_hold')
		ORDER BY c.id`, agent)
}
