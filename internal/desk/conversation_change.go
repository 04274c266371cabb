package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type updateInput struct {
	ConversationPath
	api.IfMatch
	Body conversationChange
}

// conversationChange holds what a change sends; nil stays as it is.
type conversationChange struct {
	Subject  *string   `json:"subject,omitempty" minLength:"1" maxLength:"200"`
	Priority *int      `json:"priority,omitempty" minimum:"0" maximum:"3"`
	Tags     *[]string `json:"tags,omitempty" maxItems:"20" maxLength:"64" doc:"Ids; replaces all"`
}

// maxSubject is how many characters a subject may have.
const maxSubject = 200

// checkSubject takes what a conversation is called in lists.
func checkSubject(place, subject string) (string, error) {
	subject = strings.TrimSpace(subject)
	return subject, tenant.CheckTitle(place, subject, maxSubject)
}

func (s *Service) handleUpdate(ctx context.Context, in *updateInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.update(ctx, in.Body) })
}

// update changes what the conversation is called and how it is sorted.
func (w *wish) update(ctx context.Context, change conversationChange) error {
	if err := w.asAgent("conversation:update"); err != nil {
		return err
	}
	if w.now.State.Final() {
		return errEnded.With("it is %s", w.now.State)
	}
	if change.Subject != nil {
		if err := w.rename(ctx, *change.Subject); err != nil {
			return err
		}
	}
	if change.Priority != nil {
		if err := w.prioritise(ctx, *change.Priority); err != nil {
			return err
		}
	}
	if change.Tags != nil {
		return w.retag(ctx, *change.Tags)
	}
	return nil
}

func (w *wish) rename(ctx context.Context, subject string) error {
	subject, err := checkSubject("body.subject", subject)
	if err != nil || subject == w.now.Subject {
		return err
	}
	if err := addWords(ctx, w.tx, w.now.ID, subject, true); err != nil {
		return err
	}
	w.now.Subject = subject
	w.change(true)
	return w.told(ctx, "renamed")
}

func (w *wish) prioritise(ctx context.Context, priority int) error {
	if priority == w.now.Priority {
		return nil
	}
	w.now.Priority = priority
	w.change(false)
	return w.line(ctx, "priority_changed", false, Details{"by": w.who(), "priority": strconv.Itoa(priority)})
}

func (w *wish) retag(ctx context.Context, tags []string) error {
	before, err := tagIDs(ctx, w.tx, w.now.ID)
	if err != nil {
		return err
	}
	slices.Sort(tags)
	tags = slices.Compact(tags)
	if slices.Equal(before, tags) {
		return nil
	}
	if err := setTags(ctx, w.tx, w.now.ID, tags); err != nil {
		return err
	}
	w.change(false)
	api.ChangedPrivately(ctx, "tags", fmt.Sprint(before), fmt.Sprint(tags))
	return nil
}

func tagIDs(ctx context.Context, tx *store.Tx, conversation string) ([]string, error) {
	return store.Collect(ctx, tx, store.Text, `
		SELECT x.tag_id
		FROM conversation_tags x
		WHERE x.tenant_id = $1 AND x.conversation_id = $2
		ORDER BY x.tag_id`, conversation)
}

// setTags makes these the tags of a conversation.
func setTags(ctx context.Context, tx *store.Tx, conversation string, tags []string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM conversation_tags
		WHERE tenant_id = $1 AND conversation_id = $2`, conversation)
	if err != nil {
		return err
	}
	for _, tag := range tags {
		_, err := tx.Exec(ctx, `
			INSERT INTO conversation_tags (tenant_id, conversation_id, tag_id)
			VALUES ($1, $2, $3)`, conversation, tag)
		if errors.Is(err, store.ErrReference) {
			return fault.ErrInvalid.At("body.tags", "names a tag that there is not")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
