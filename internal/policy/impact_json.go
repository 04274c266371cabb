package policy

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type impactJSON struct {
	Digest       string           `json:"digest" doc:"Send it in If-Preview, in quotation marks, with the change itself"`
	People       int              `json:"people" doc:"How many people may do other things afterwards"`
	Others       int              `json:"others" doc:"How many of them you may not read: they are counted here and above, and not listed"`
	SecondFactor factorJSON       `json:"second_factor"`
	Permissions  []tallyJSON      `json:"permissions" doc:"Each permission that anybody whom you may read gains or loses, sorted"`
	Items        []differenceJSON `json:"items" doc:"The people, by id"`
	Next         *string          `json:"next" doc:"The cursor of the next page; null on the last one"`
}

// factorJSON counts everybody, also those whom the asker may not read.
type factorJSON struct {
	Needed         int `json:"needed" doc:"How many people need a second factor afterwards and need none today; whoever has none enrols one at the next sign-in"`
	NoLongerNeeded int `json:"no_longer_needed" doc:"How many people need one today and none afterwards"`
}

type tallyJSON struct {
	Permission string `json:"permission"`
	ZH         string `json:"zh" doc:"In words"`
	EN         string `json:"en" doc:"In words"`
	Gained     int    `json:"gained" doc:"How many people gain it, or reach further by it"`
	Lost       int    `json:"lost" doc:"How many people lose it, or reach less far by it"`
}

type differenceJSON struct {
	User         personRef   `json:"user"`
	Gained       []string    `json:"gained" doc:"Permissions in force afterwards and not before"`
	Lost         []string    `json:"lost" doc:"Permissions in force before and not afterwards"`
	SecondFactor *string     `json:"second_factor" enum:"needed,no_longer_needed" doc:"What becomes of the need of one; null: as before"`
	ReachGained  []reachJSON `json:"reach_gained"`
	ReachLost    []reachJSON `json:"reach_lost"`
}

// TransformSchema adds null to the values that second_factor may have, which huma leaves out.
func (differenceJSON) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	demand := s.Properties["second_factor"]
	demand.Enum = append(demand.Enum, nil)
	return s
}

type reachJSON struct {
	Permission  string   `json:"permission"`
	Departments []string `json:"departments" doc:"Ids of those which you may read"`
	Others      int      `json:"others" doc:"How many more there are, which you may not read"`
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
	forest, err := by.Filter("department:read")
	if err != nil {
		return nil, err
	}
	seen := slices.DeleteFunc(slices.Clone(i.Differences), func(d Difference) bool { return !covers(reads, by, d.Subject) })
	out := &impactOutput{Body: impactJSON{
		Digest: i.Digest, People: len(i.Differences), Others: len(i.Differences) - len(seen), SecondFactor: factors(i.Differences),
	}}
	out.Body.Permissions = tallyList(by.Catalogue, talliesOf(seen))
	if len(after) == 1 {
		seen = slices.DeleteFunc(seen, func(d Difference) bool { return d.Subject <= after[0] })
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
	item := func(d Difference) differenceJSON { return d.json(names[d.Subject], by.Tenant, forest) }
	people := api.NewPage(ctx, page, seen, item, func(d Difference) []string { return []string{d.Subject} }, i.Digest)
	out.Body.Items, out.Body.Next = people.Body.Items, people.Body.Next
	return out, nil
}

func factors(differences []Difference) (n factorJSON) {
	for _, d := range differences {
		switch d.SecondFactor {
		case needed:
			n.Needed++
		case notNeeded:
			n.NoLongerNeeded++
		}
	}
	return n
}

// json shows the departments that the filter covers, and counts the others.
func (d Difference) json(name, tenant string, forest access.Filter) differenceJSON {
	return differenceJSON{
		User:   personRef{d.Subject, name},
		Gained: PermissionNames(emptyNotNil(d.Gained)), Lost: PermissionNames(emptyNotNil(d.Lost)),
		ReachGained: reachList(d.ReachGained, tenant, forest), ReachLost: reachList(d.ReachLost, tenant, forest),
		SecondFactor: nullable(string(d.SecondFactor)),
	}
}

func emptyNotNil(list []access.Permission) []access.Permission {
	return append([]access.Permission{}, list...)
}

func reachList(reaches []access.Reach, tenant string, forest access.Filter) []reachJSON {
	list := []reachJSON{}
	for _, r := range reaches {
		seen := slices.DeleteFunc(slices.Clone(r.Departments), func(id string) bool { return !forest.Covers(departmentObject(tenant, id)) })
		list = append(list, reachJSON{r.Permission.String(), seen, len(r.Departments) - len(seen)})
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
