package virtualdesk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// agentRows are all agents as the administrator sees them, by id.
func (d *desk) agentRows(ctx context.Context) (map[string]agentRow, error) {
	items, err := d.admin.list(ctx, "/v1/agents", nil)
	if err != nil {
		return nil, err
	}
	rows := map[string]agentRow{}
	for _, item := range items {
		var a agentRow
		if err := json.Unmarshal(item, &a); err != nil {
			return nil, err
		}
		rows[a.User.ID] = a
	}
	return rows, nil
}

// standings asks for the desk's agents and all conversations.
func (d *desk) standings(ctx context.Context) (agents map[string]agentRow, list []conversation, err error) {
	if agents, err = d.agentRows(ctx); err != nil {
		return nil, nil, err
	}
	items, err := d.auditor.list(ctx, "/v1/conversations", nil)
	if err != nil {
		return nil, nil, err
	}
	for _, item := range items {
		c, err := readConversation(item)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, c)
	}
	return agents, list, nil
}

// checkLoads compares what is counted for each agent with what they hold, and both with their limit.
func (d *desk) checkLoads(ctx context.Context) {
	d.eventually(ctx, loadIsWrong, func() (string, error) {
		agents, list, err := d.standings(ctx)
		if err != nil {
			return "", err
		}
		held := map[string]int{}
		forced := map[string]bool{}
		for _, c := range list {
			if c.held() {
				held[idOf(c.Assignee)]++
				forced[idOf(c.Assignee)] = forced[idOf(c.Assignee)] || c.Forced
			}
		}
		for id, a := range agents {
			switch {
			case a.CurrentLoad != held[id]:
				return fmt.Sprintf("agent %s holds %d conversations, and current_load is %d", id, held[id], a.CurrentLoad), nil
			case a.CurrentLoad > a.MaxLoad && !forced[id]:
				d.broke(overLimit, "at rest agent %s holds %d of %d, none of them forced", id, a.CurrentLoad, a.MaxLoad)
			}
		}
		return "", nil
	})
}

// reserved is how long a conversation waits for the agent whom its requester knows.
const reserved = 30 * time.Second

// checkWaiting looks for somebody who waits while an agent could help them at once.
func (d *desk) checkWaiting(ctx context.Context) {
	d.eventually(ctx, waitsForNothing, func() (string, error) {
		agents, list, err := d.standings(ctx)
		if err != nil {
			return "", err
		}
		for _, c := range list {
			if c.State != "queued" || c.Preferred != nil && time.Since(*c.QueuedAt) < reserved {
				continue
			}
			for _, a := range d.agents {
				row := agents[a.id]
				fits := a.skills[idOf(c.Skill)] && a.department == idOf(c.Department)
				if fits && row.Status == "online" && row.Connected && row.CurrentLoad < row.MaxLoad {
					return fmt.Sprintf("%v waits since %v, and %s is online with %d of %d: %s", &c, c.QueuedAt, a, row.CurrentLoad, row.MaxLoad, c.raw), nil
				}
			}
		}
		return "", nil
	})
}
