package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// namedViolators is how many users a refusal names.
const namedViolators = 100

// violators are the users who violate an exclusion by what they have now, by their ids.
func (x Exclusion) violators(by *caller.Caller) (found []fault.Holder) {
	if len(x.Roles) == 0 { // it has gone
		return nil
	}
	for _, s := range by.Subject.Snapshot().Subjects() {
		if held := x.held(s.User(), by.At); len(held) > x.AtMost {
			found = append(found, fault.Holder{ID: s.ID(), Roles: held})
		}
	}
	return found
}

// violated refuses an exclusion that users violate. All of them are counted, and those named whom the caller may
// read.
func violated(ctx context.Context, tx *store.Tx, by *caller.Caller, violators []fault.Holder) error {
	seen, err := readableOf(by, violators)
	if err != nil {
		return err
	}
	named := fault.Holders{Count: len(violators), Seen: seen[:min(len(seen), namedViolators)]}
	if err := addNames(ctx, tx, named.Seen); err != nil {
		return err
	}
	return &fault.Error{Code: ErrExclusionViolated, Holders: &named}
}

// readableOf are those of them whom the caller may read.
func readableOf(by *caller.Caller, holders []fault.Holder) (seen []fault.Holder, err error) {
	reads, err := by.Filter("user:read")
	if err != nil {
		return nil, err
	}
	for _, h := range holders {
		if covers(reads, by, h.ID) {
			seen = append(seen, h)
		}
	}
	return seen, nil
}

func addNames(ctx context.Context, tx *store.Tx, holders []fault.Holder) error {
	if len(holders) == 0 {
		return nil
	}
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
