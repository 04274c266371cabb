package policy

import (
	"context"
	"encoding/json"
	"iter"
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
	allowed, others := pageOfAllowed(by, reads, by.Subject.Snapshot().Allowed(op, object, by.At), after, in.Limit+1)
	names, err := s.names(ctx, by.Tenant, store.Set(allowed))
	if err != nil {
		return nil, err
	}
	item := func(user string) holderJSON {
		subject, _ := by.Subject.Snapshot().Subject(user)
		return holderJSON{personRef{user, names[user]}, subject.Explain(op, object, by.At).By}
	}
	out := &whoCanOutput{}
	out.Body.Page = api.NewPage(ctx, in.PageInput, allowed, item, func(user string) []string { return []string{user} }, string(question)).Body
	out.Body.Others = others
	return out, nil
}

// pageOfAllowed returns the first of the ids behind a cursor, as many as asked for, of those whom the caller may
// read, and whether there is anybody else. All of them are looked at, and only the page is put in order: where
// everybody may do something that is the dear part.
func pageOfAllowed(by *caller.Caller, reads access.Filter, allowed iter.Seq[access.Subject], after []string, most int) (ids []string, others bool) {
	for s := range allowed {
		switch id := s.ID(); {
		case !covers(reads, by, id):
			others = true
		case len(after) == 0 || id > after[0]:
			if ids = append(ids, id); len(ids) > 2*most {
				slices.Sort(ids)
				ids = ids[:most]
			}
		}
	}
	slices.Sort(ids)
	return ids[:min(len(ids), most)], others
}
