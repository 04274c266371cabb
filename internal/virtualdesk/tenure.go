package virtualdesk

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
)

// tenure is who held a conversation from when to when, as the server tells it.
type tenure struct {
	Agent      named      `json:"agent"`
	How        string     `json:"how"`
	Pass       string     `json:"pass"`
	Forced     bool       `json:"forced"`
	EnqueuedAt time.Time  `json:"enqueued_at"`
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at"`
}

// endOf is when the tenure ended, or far in the future.
func (t *tenure) endOf() time.Time {
	if t.EndedAt == nil {
		return farOff
	}
	return *t.EndedAt
}

var farOff = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// history is one conversation with everything that came of it.
type history struct {
	conversation
	tenures []tenure
}

func (d *desk) tenures(ctx context.Context, id string) ([]tenure, error) {
	items, err := d.admin.list(ctx, "/v1/conversations/"+id+"/tenures", nil)
	if err != nil {
		return nil, err
	}
	var list []tenure
	for _, item := range items {
		var t tenure
		if err := json.Unmarshal(item, &t); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b tenure) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), a.endOf().Compare(b.endOf())) })
	return list, nil
}

// checkTenures holds the tenures of one conversation against each other and against how it stands.
func (d *desk) checkTenures(h *history) {
	for i := range h.tenures[:max(0, len(h.tenures)-1)] {
		a, b := &h.tenures[i], &h.tenures[i+1]
		if b.StartedAt.Before(a.endOf()) {
			d.broke(tenuresOverlap, "%v: of %s from %v to %v, and of %s from %v on", &h.conversation, a.Agent.ID, a.StartedAt, a.EndedAt, b.Agent.ID, b.StartedAt)
		}
	}
	open := ""
	if n := len(h.tenures); n > 0 && h.tenures[n-1].EndedAt == nil {
		open = h.tenures[n-1].Agent.ID
	}
	if open != idOf(h.Assignee) {
		d.broke(heldByNobody, "%v is %s with the assignee %q, and its open tenure is of %q", &h.conversation, h.State, idOf(h.Assignee), open)
	}
}

// slack is how much two transactions that wait for each other may disagree about the time: each has the
// one of its beginning. What breaks an invariant lasts longer.
const slack = 2 * time.Second

// checkLimits counts what each agent held at each moment.
func (d *desk) checkLimits(all []history) {
	of := map[string][]tenure{}
	for _, h := range all {
		for _, t := range h.tenures {
			of[t.Agent.ID] = append(of[t.Agent.ID], t)
		}
	}
	for _, a := range d.agents {
		for _, t := range of[a.id] {
			if t.Forced {
				continue
			}
			held := 0
			for _, other := range of[a.id] {
				if !other.StartedAt.After(t.StartedAt) && other.endOf().After(t.StartedAt.Add(slack)) {
					held++
				}
			}
			if held > a.limit {
				d.broke(overLimit, "%s was given one by %s at %v and held %d then; the limit is %d", a, t.How, t.StartedAt, held, a.limit)
			}
			if a.offlineAt(t.StartedAt, slack) {
				d.broke(offlineAssigned, "%s was given one by %s at %v and was offline then", a, t.How, t.StartedAt)
			}
		}
	}
}

// checkOrder looks for conversations that dispatch gave away while an older one of the same skill waited.
// Only first waits are compared: their age is plain.
func (d *desk) checkOrder(all []history) {
	for i := range all {
		given := &all[i]
		if len(given.tenures) == 0 || given.tenures[0].How != "dispatch" || given.tenures[0].Pass == "preferred" {
			continue
		}
		at := given.tenures[0].StartedAt
		for j := range all {
			if older := &all[j]; !d.versions.reserves(older.ID) && older.waitedAt(at) && older.sameAs(given) && older.CreatedAt.Before(given.CreatedAt.Add(-slack)) {
				d.broke(overtaken, "%v of %v was given to %s at %v, and %v waited since %v",
					&given.conversation, given.CreatedAt, given.tenures[0].Agent.ID, at, &older.conversation, older.CreatedAt)
			}
		}
	}
}

// sameAs tells whether both ask for the same help with the same urgency.
func (h *history) sameAs(other *history) bool {
	return idOf(h.Skill) == idOf(other.Skill) && idOf(h.Department) == idOf(other.Department) && h.Priority == other.Priority
}

// waitedAt tells whether the conversation was in its first wait at an instant, well before and well after.
func (h *history) waitedAt(at time.Time) bool {
	until := farOff
	switch {
	case len(h.tenures) > 0:
		until = h.tenures[0].StartedAt
	case h.EndedAt != nil:
		until = *h.EndedAt
	}
	return h.CreatedAt.Add(slack).Before(at) && until.After(at.Add(slack))
}
