package policy

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type impactJSON struct {
	Digest      string           `json:"digest" doc:"Send it in If-Preview, in quotation marks, with the change itself"`
	People      int              `json:"people" doc:"How many people may do other things afterwards"`
	Others      int              `json:"others" doc:"How many of them you may not read: they are counted here and above, and not listed"`
	Permissions []tallyJSON      `json:"permissions" doc:"Each permission that anybody whom you may read gains or loses, sorted"`
	Items       []differenceJSON `json:"items" doc:"The people, by id"`
	Next        *string          `json:"next" doc:"The cursor of the next page; null on the last one"`
}

type tallyJSON struct {
	Permission string `json:"permission"`
	ZH         string `json:"zh" doc:"In words"`
	EN         string `json:"en" doc:"In words"`
	Gained     int    `json:"gained" doc:"How many people gain it, or reach further by it"`
	Lost       int    `json:"lost" doc:"How many people lose it, or reach less far by it"`
}

type differenceJSON struct {
	User        personRef   `json:"user"`
	Gained      []string    `json:"gained" doc:"Permissions in force afterwards and not before"`
	Lost        []string    `json:"lost" doc:"Permissions in force before and not afterwards"`
	ReachGained []reachJSON `json:"reach_gained"`
	ReachLost   []reachJSON `json:"reach_lost"`
}

type reachJSON struct {
	Permission  string   `json:"permission"`
	Departments []string `json:"departments" doc:"Ids"`
}

// impactOutput is a preview, one page of its people.
type impactOutput struct{ Body impactJSON }

// impactOutput shows a page of an impact. A cursor counts for the impact that it was given out for: when something changes
// between two pages, one begins again.
func (s *Service) impactOutput(ctx context.Context, by *caller.Caller, page api.PageInput, i Impact) (*impactOutput, error) {
	after, err := page.After(ctx, i.Digest)
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("user:read")
	if err != nil {
		return nil, err
	}
	seen := slices.DeleteFunc(slices.Clone(i.Differences), func(d access.Difference) bool { return !covers(reads, by, d.Subject) })
	out := &impactOutput{Body: impactJSON{Digest: i.Digest, People: len(i.Differences), Others: len(i.Differences) - len(seen)}}
	out.Body.Permissions = tallyList(by.Catalogue, talliesOf(seen))
	if len(after) == 1 {
		seen = slices.DeleteFunc(seen, func(d access.Difference) bool { return d.Subject <= after[0] })
	}
	seen = seen[:min(len(seen), page.Limit+1)]
	ids := store.Set{}
	for _, d := range seen {
		ids = append(ids, d.Subject)
	}
	names, err := s.names(ctx, by.Tenant, ids)
	if err != nil {
		return nil, err
	}
	people := api.NewPage(ctx, page, seen, func(d access.Difference) differenceJSON { return difference(d, names[d.Subject]) },
		func(d access.Difference) []string { return []string{d.Subject} }, i.Digest)
	out.Body.Items, out.Body.Next = people.Body.Items, people.Body.Next
	return out, nil
}

func difference(d access.Difference, name string) differenceJSON {
	return differenceJSON{
		User:   personRef{d.Subject, name},
		Gained: PermissionNames(emptyNotNil(d.Gained)), Lost: PermissionNames(emptyNotNil(d.Lost)),
		ReachGained: reachList(d.ReachGained), ReachLost: reachList(d.ReachLost),
	}
}

func emptyNotNil(list []access.Permission) []access.Permission {
	return append([]access.Permission{}, list...)
}

func reachList(reaches []access.Reach) []reachJSON {
	list := []reachJSON{}
	for _, r := range reaches {
		list = append(list, reachJSON{r.Permission.String(), r.Departments})
	}
	return list
}

func tallyList(c *access.Catalogue, tallies []tally) []tallyJSON {
	list := []tallyJSON{}
	for _, t := range tallies {
		zh, en := words(c, t.permission)
		list = append(list, tallyJSON{t.permission.String(), zh, en, t.gained, t.lost})
	}
	return list
}
