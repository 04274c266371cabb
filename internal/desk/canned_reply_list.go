package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type cannedRepliesInput struct {
	api.PageInput
	Query string `query:"q" maxLength:"128" doc:"Part of a title, in any case, or of a shortcut"`
}

func (s *Service) handleCannedReplies(ctx context.Context, in *cannedRepliesInput) (*api.PageOutput[cannedReplyJSON], error) {
	after, err := in.After(ctx, in.Query)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	offered, err := offeredTo(by)
	if err != nil {
		return nil, err
	}
	var found []CannedReply
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		found, err = in.find(ctx, tx, offered, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	key := func(r CannedReply) []string { return []string{r.key(), r.ID} }
	return api.NewPage(ctx, in.PageInput, found, CannedReply.json, key, in.Query), nil
}

// offeredTo says, as alternatives, which replies the caller sees: those that their canned_reply:read
// covers, and, to choose from for whoever works conversations, everybody's and their departments'.
func offeredTo(by *caller.Caller) ([]store.Condition, error) {
	reads, err := by.Filter("canned_reply:read")
	if err != nil {
		return nil, err
	}
	works, err := by.Filter("conversation:update")
	if err != nil {
		return nil, err
	}
	alternatives := cannedReplyCoverage.Alternatives(reads)
	if !works.Nothing() {
		alternatives = append(alternatives, store.Condition{Text: "r.department_id IS NULL"},
			store.Condition{Text: "r.department_id IN ?", Args: []any{store.Set(by.Subject.User().Departments)}})
	}
	return alternatives, nil
}

// find returns what is offered by title, one more than the limit.
func (in *cannedRepliesInput) find(ctx context.Context, tx *store.Tx, offered []store.Condition, after []string) ([]CannedReply, error) {
	w := tx.Where("r")
	w.AnyOf(offered)
	if q := store.Fold(in.Query); q != "" {
		w.And(`r.title_key LIKE ? ESCAPE '\' OR r.shortcut LIKE ? ESCAPE '\'`, store.Containing(q), store.Containing(q))
	}
	if len(after) == 2 {
		w.And("(r.title_key, r.id) > (?, ?)", after[0], after[1])
	}
	return store.Collect(ctx, tx, scanCannedReply, `SELECT`+cannedReplyColumns+w.String()+`
	ORDER BY r.title_key, r.id
	LIMIT `+w.First(in.Limit+1), w.Args()...)
}
