package policy

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type whoCanInput struct {
	api.PageInput
	Body struct {
		Action string     `json:"action" maxLength:"64"`
		Object objectJSON `json:"object"`
	}
}

type holderJSON struct {
	User personRef `json:"user"`
	By   []string  `json:"by" doc:"The roles whose grants allow, sorted, or \"permissions\", the user's own list"`
}

type personRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type whoCanOutput struct {
	Body struct {
		api.Page[holderJSON]
		Others bool `json:"others" doc:"Whether there are more, on any page, whom you may not read"`
	}
}

// handleWhoCan answers for whom a check would allow, among those whom the caller may read.
func (s *Service) handleWhoCan(ctx context.Context, in *whoCanInput) (*whoCanOutput, error) {
	question, err := json.Marshal(in.Body)
	if err != nil {
		return nil, err
	}
	after, err := in.After(ctx, string(question))
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	op, object, err := asked(ctx, by, in.Body.Object, in.Body.Action)
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("user:read")
	if err != nil {
		return nil, err
	}
	holders, others := readable(reads, by, by.Subject.Snapshot().WhoCan(op, object, by.At))
	holders = holders[firstAfter(holders, after):]
	holders = holders[:min(len(holders), in.Limit+1)]
	ids := store.Set{}
	for _, h := range holders {
		ids = append(ids, h.Subject)
	}
	names, err := s.names(ctx, by.Tenant, ids)
	if err != nil {
		return nil, err
	}
	item := func(h access.Holder) holderJSON { return holderJSON{personRef{h.Subject, names[h.Subject]}, h.By} }
	out := &whoCanOutput{}
	out.Body.Page = api.NewPage(ctx, in.PageInput, holders, item, func(h access.Holder) []string { return []string{h.Subject} }, string(question)).Body
	out.Body.Others = others
	return out, nil
}

// readable leaves out whom the caller may not read, and says whether that was anybody.
func readable(reads access.Filter, by *caller.Caller, holders []access.Holder) (seen []access.Holder, others bool) {
	for _, h := range holders {
		if covers(reads, by, h.Subject) {
			seen = append(seen, h)
		} else {
			others = true
		}
	}
	return seen, others
}

// firstAfter is where a page begins in a list that is sorted by ids.
func firstAfter(holders []access.Holder, after []string) int {
	if len(after) != 1 {
		return 0
	}
	at, found := slices.BinarySearchFunc(holders, after[0], func(h access.Holder, id string) int { return cmp.Compare(h.Subject, id) })
	if found {
		at++
	}
	return at
}
