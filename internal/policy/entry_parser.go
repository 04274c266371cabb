package policy

import (
	"time"

	"github.com/usher-desk/usher/access"
)

// EntryParser is [ParseAssignments] for the many rows of one file, which say the same names again and again. It is
// for one transaction, and for one goroutine.
type EntryParser struct {
	snapshot  *access.Snapshot
	now       time.Time
	names     []string          // of the roles, once somebody has asked for one that is not there
	verdicts  map[string]string // on names of roles; "" on one that is there
	suggested int               // how many of the verdicts were looked for among all the names
}

// maxSuggested is for how many unknown names a parser looks for what was meant. It compares each with every role of the
// tenant while others wait for the lock: a file of unknown names must not keep them waiting.
const maxSuggested = 100

// NewEntryParser returns a parser. The snapshot is as in [ParseAssignments].
func NewEntryParser(s *access.Snapshot, now time.Time) *EntryParser {
	return &EntryParser{snapshot: s, now: now, verdicts: map[string]string{}}
}

// wrongRole says what is wrong with the name of a role; "" when nothing is.
func (p *EntryParser) wrongRole(name string) string {
	if said, known := p.verdicts[name]; known {
		return said
	}
	_, found := p.snapshot.Role(name)
	switch {
	case found:
		p.verdicts[name] = ""
	case p.suggested == maxSuggested:
		return unknownRole(name, nil)
	default:
		p.suggested++
		p.verdicts[name] = unknownRole(name, p.roleNames())
	}
	return p.verdicts[name]
}

func (p *EntryParser) roleNames() []string {
	if p.names == nil {
		p.names = p.snapshot.RoleNames()
	}
	return p.names
}
