package virtualdesk

import "sync"

// versions remembers what a version of a conversation says: who holds it and where it stands. All who are
// shown that version are shown the same, however late, or two people hold one conversation.
type versions struct {
	mu       sync.Mutex // guards what follows
	said     map[versionOf]standing
	reserved map[string]bool // conversations that waited for somebody in particular
}

type versionOf struct {
	conversation string
	version      int64
}

type standing struct{ state, assignee, skill string }

// reserves tells whether the conversation was ever seen to wait for somebody in particular.
func (v *versions) reserves(conversation string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.reserved[conversation]
}

// compare holds what a person is shown against what others were.
func (v *versions) compare(d *desk, p *person, c *conversation) {
	key, now := versionOf{c.ID, c.Version}, standing{c.State, idOf(c.Assignee), idOf(c.Skill)}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.said == nil {
		v.said, v.reserved = map[versionOf]standing{}, map[string]bool{}
	}
	v.reserved[c.ID] = v.reserved[c.ID] || c.Preferred != nil
	before, known := v.said[key]
	switch {
	case !known:
		v.said[key] = now
	case before.assignee != now.assignee:
		d.broke(twoAssignees, "version %d of %v is assigned to %q, and for %s to %q", c.Version, c, before.assignee, p, now.assignee)
	case before != now:
		d.broke(versionDiffers, "version %d of %v is %+v, and for %s %+v", c.Version, c, before, p, now)
	}
}
