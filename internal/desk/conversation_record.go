package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/api"
)

// noteConversation tells the record what became of a conversation. Whom it went to and what people wrote
// is only committed to.
func noteConversation(ctx context.Context, before, after Conversation) {
	api.Touched(ctx, "conversation", after.ID)
	api.Changed(ctx, "state", term(string(before.State)), term(string(after.State)))
	for _, f := range []struct{ name, before, after string }{
		{"subject", before.Subject, after.Subject},
		{"assignee", before.holder(), after.holder()},
		{"skill", before.Skill, after.Skill},
		{"department", before.Department, after.Department},
		{"priority", strconv.Itoa(before.Priority), strconv.Itoa(after.Priority)},
		{"cycle", strconv.Itoa(before.Cycle), strconv.Itoa(after.Cycle)},
		{"wake_at", when(before.WakeAt), when(after.WakeAt)},
	} {
		api.ChangedPrivately(ctx, f.name, f.before, f.after)
	}
	noteRating(ctx, before.Rating, after.Rating)
}

func noteRating(ctx context.Context, before, after *Rating) {
	var was, is Rating
	if before != nil {
		was = *before
	}
	if after != nil {
		is = *after
	}
	api.ChangedPrivately(ctx, "rating", strconv.Itoa(was.Score), strconv.Itoa(is.Score))
	api.ChangedPrivately(ctx, "rating_text", was.Text, is.Text)
	if !slices.Equal(was.Reasons, is.Reasons) {
		api.Changed(ctx, "rating_reasons", was.Reasons, is.Reasons)
	}
}

// when is an instant as records write it; "" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// term is one name from a vocabulary, or none.
func term(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}
