package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// namedViolators is how many users a refusal names.
const namedViolators = 100

// violated refuses an exclusion that users violate by what they have now. All of them are counted, and
// those named whom the caller may read.
func (x Exclusion) violated(ctx context.Context, tx *store.Tx, by *caller.Caller) error {
	reads, err := by.Filter("user:read")
	if err != nil {
		return err
	}
	snapshot := by.Subject.Snapshot()
	var violators fault.Holders
	for _, s := range snapshot.Subjects() {
		held := x.held(s.User(), by.At)
		if len(held) <= x.AtMost {
			continue
		}
		violators.Count++
		if len(violators.Seen) < namedViolators && reads.Covers(UserObject(snapshot, s.ID())) {
			violators.Seen = append(violators.Seen, fault.Holder{ID: s.ID(), Roles: held})
		}
	}
	if violators.Count == 0 {
		return nil
	}
	if err := addNames(ctx, tx, violators.Seen); err != nil {
		return err
	}
	return &fault.Error{Code: ErrExclusionViolated, Holders: &violators}
}

func addNames(ctx context.Context, tx *store.Tx, holders []fault.Holder) error {
	var ids []string
	for _, h := range holders {
		ids = append(ids, h.ID)
	}
	names, err := namesIn(ctx, tx, ids)
	for i := range holders {
		holders[i].Name = names[holders[i].ID]
	}
	return err
}
