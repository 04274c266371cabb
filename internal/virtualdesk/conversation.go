package virtualdesk

import (
	"encoding/json"
	"fmt"
	"time"
)

// named is how people, skills and departments are shown.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// idOf is the id of somebody who may be missing.
func idOf(n *named) string {
	if n == nil {
		return ""
	}
	return n.ID
}

// conversation is a row of a list, as far as the desk looks into it.
type conversation struct {
	ID           string     `json:"id"`
	Number       int64      `json:"number"`
	State        string     `json:"state"`
	Skill        *named     `json:"skill"`
	Department   *named     `json:"department"`
	Requester    *named     `json:"requester"`
	Assignee     *named     `json:"assignee"`
	LastAssignee *named     `json:"last_assignee"`
	Preferred    *named     `json:"preferred"`
	Priority     int        `json:"priority"`
	Forced       bool       `json:"forced"`
	LastSeq      int64      `json:"last_seq"`
	QueuedAt     *time.Time `json:"queued_at"`
	AssignedAt   *time.Time `json:"assigned_at"`
	EndedAt      *time.Time `json:"ended_at"`
	CreatedAt    time.Time  `json:"created_at"`
	Version      int64      `json:"version"`

	raw json.RawMessage
}

func readConversation(raw json.RawMessage) (c conversation, err error) {
	err = json.Unmarshal(raw, &c)
	c.raw = raw
	return c, err
}

func (c *conversation) String() string { return fmt.Sprintf("#%d (%s)", c.Number, c.ID) }

func (c *conversation) held() bool { return c.State == "active" || c.State == "on_hold" }

func (c *conversation) over() bool { return c.State == "closed" || c.State == "abandoned" }

// olderThan tells whether another look at the same conversation shows more. Messages do not raise the
// version, and versions need not bring messages.
func (c *conversation) olderThan(other *conversation) bool {
	return c.Version < other.Version || c.Version == other.Version && c.LastSeq < other.LastSeq
}

// judge holds one row against what is true of every one, and against what others were shown of the same
// version.
func (d *desk) judge(p *person, c *conversation) {
	if c.held() != (c.Assignee != nil) {
		d.broke(heldByNobody, "%s sees %v %s with the assignee %q", p, c, c.State, idOf(c.Assignee))
	}
	if !p.covers(c) {
		d.broke(outOfSight, "%s sees %v, %s, assigned to %q and %q before", p, c, c.State, idOf(c.Assignee), idOf(c.LastAssignee))
	}
	d.versions.compare(d, p, c)
}

// covers tells whether the person's role lets them see the row.
func (p *person) covers(c *conversation) bool {
	switch p.part {
	case asRequester:
		return idOf(c.Requester) == p.id
	case asAgent:
		return c.State == "queued" || idOf(c.Assignee) == p.id || idOf(c.LastAssignee) == p.id
	case asLead:
		return c.State == "queued" || p.desk.departments[idOf(c.Department)]
	}
	return true
}
