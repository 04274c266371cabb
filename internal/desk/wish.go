package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of who may act as whom.
var (
	errOwnRequest = fault.Define(fault.Forbidden, "own_request", "You asked this yourself; somebody else works on it.", "这是您本人的提问，不能由您受理。",
		"Whoever asked acts as the requester, whatever roles they hold: they reply, leave, resolve, reopen and rate.")
	errNotRequester = fault.Define(fault.Forbidden, "not_the_requester", "Only whoever asked does this.", "仅提问人可以执行此操作。",
		"The requester does it themselves.")
)

// wish is an edit at the wish of somebody who knows the conversation in some version.
type wish struct {
	*edit
	by      *caller.Caller
	version int64
}

// act changes a conversation at the wish of the caller. What f does begins with asAgent or asRequester.
func (s *Service) act(ctx context.Context, id string, match api.IfMatch, f func(w *wish) error) (*conversationOutput, error) {
	version, err := match.Version()
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	var out *conversationOutput
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		var before Conversation
		after, err := s.edit(ctx, tx, id, func(e *edit) error {
			before = e.before
			return f(&wish{e, by, version})
		})
		if err != nil {
			return err
		}
		if out, err = s.output(ctx, tx, by, after); err != nil {
			return err
		}
		noteConversation(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return out, err
}

// asAgent lets in whoever has the permission on the conversation, except its requester, and only for the
// version that stands.
func (w *wish) asAgent(permission string) error {
	if err := w.mayAsAgent(permission); err != nil {
		return err
	}
	return w.upToDate()
}

func (w *wish) mayAsAgent(permission string) error {
	if err := w.by.Require(permission, w.now.object(w.by.Tenant)); err != nil {
		return err
	}
	if w.now.Requester == w.by.User {
		return errOwnRequest
	}
	return nil
}

// asRequester lets in whoever asked, as long as they may say anything, and only for the version that stands.
func (w *wish) asRequester() error {
	if err := w.by.Require("conversation:reply", w.now.object(w.by.Tenant)); err != nil {
		return err
	}
	switch {
	case w.by.Visit != nil:
		return caller.ErrVisitorIsNobody
	case w.now.Requester != w.by.User:
		return errNotRequester
	}
	return w.upToDate()
}

// stands is the version that stands, as the caller knows it.
func (w *wish) stands() int64 { return rowReader(w.by, &w.now).version(&w.now) }

// upToDate refuses a change that is meant for another version than the one that stands.
func (w *wish) upToDate() error {
	if now := w.stands(); now != w.version {
		return api.Stale(now)
	}
	return nil
}

// isRequester tells whether the caller is the one who asked.
func (w *wish) isRequester() bool { return w.by.Visit == nil && w.now.Requester == w.by.User }

// platformStaff stands in system lines for those who are inside the tenant on a visit: they are none of its
// users.
const platformStaff = "platform"

// who is how system lines name the caller.
func (w *wish) who() string {
	if w.by.Visit != nil {
		return platformStaff
	}
	return w.by.User
}

// told writes the line that says what the caller did.
func (w *wish) told(ctx context.Context, code string) error {
	return w.line(ctx, code, true, Details{"by": w.who()})
}
