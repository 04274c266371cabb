package policy

import "github.com/usher-desk/usher/access"

// scopeWords say in Chinese and English which instances a scope is about.
var scopeWords = map[access.Scope][2]string{
	access.Own:          {"本人的", "one's own"},
	access.Unassigned:   {"未分配的", "unassigned"},
	access.Departmental: {"本部门的", "of the department"},
	access.All:          {"全部", "all"},
}

// words tell a permission to people: what, which of them, and what is done.
func words(c *access.Catalogue, p access.Permission) (zh, en string) {
	zh, en = p.Resource, p.Resource
	if r, known := c.Resource(p.Resource); known {
		zh, en = r.Zh, r.En
	}
	if p.Resource == access.Any {
		zh, en = "一切", "everything"
	}
	action := p.Action
	if action == access.Any {
		action = "*"
	}
	which := scopeWords[p.Scope]
	return zh + "（" + which[0] + "）：" + action, en + " (" + which[1] + "): " + action
}
