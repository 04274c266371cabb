package caller

import (
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// Codes of visits.
var (
	ErrVisitReadsOnly = fault.Define(fault.Forbidden, "visit_reads_only",
		"This visit may read and nothing else.", "本次进入仅可查看。",
		"Leave, and enter again with `write`, where the reason allows it.")
	ErrVisitKeepsAccess = fault.Define(fault.Forbidden, "visit_keeps_access",
		"A visit never changes users, access or settings.", "平台人员进入租户后不得更改用户、权限或设置。",
		"An administrator of the tenant does this; docs/decisions/0011 says why.")
	ErrVisitorIsNobody = fault.Define(fault.Forbidden, "visitor_is_nobody",
		"Platform staff inside a tenant are none of its users.", "平台人员在租户内没有用户身份。",
		"Ask about your own user, sessions and second factor with the token of the platform.")
)

// Visit is what platform staff are inside a tenant with. Whoever has one is none of the tenant's
// users: User is theirs of the platform, and Session is the visit.
type Visit struct {
	Write bool // they asked for more than reading
}

// kept are the resources of which a visit changes nothing, also one that may write: whoever could
// change them could leave somebody behind with more rights, or have it not seen that they were here.
// They stand for roles, assignments, permission lists and exclusions; departments; who is a user, is
// active, and signs in how; policy, default role and WeCom; applications; the trail.
var kept = []string{"role", "department", "user", "system_config", "application", "integration", "audit_log"}

// looking are the actions that a visit without writing is for.
var looking = []string{"read", "view"}

// refusal is why the visit may not do this, nil when it may.
func (v *Visit) refusal(resource, action string) *fault.Code {
	switch {
	case slices.Contains(looking, action):
		return nil
	case !v.Write:
		return ErrVisitReadsOnly
	case slices.Contains(kept, resource) && action != "export":
		return ErrVisitKeepsAccess
	}
	return nil
}

// Subject is the visitor as the access rules see them: of everything that the tenant's catalogue has
// they hold what the visit may do, and nothing else.
func (v *Visit) Subject(user string, s *access.Snapshot) (access.Subject, error) {
	var held []access.Permission
	for op := range s.Catalogue().Operations() {
		if v.refusal(op.Resource(), op.Action()) == nil {
			held = append(held, op.At(access.All))
		}
	}
	return s.Visitor(user, held)
}

// visiting words why a visit lacks a permission; nil for a caller who is no visitor, or who lacks it as
// anybody would.
func (c *Caller) visiting(op access.Operation) error {
	if c.Visit == nil || op == (access.Operation{}) {
		return nil
	}
	if code := c.Visit.refusal(op.Resource(), op.Action()); code != nil {
		return code.With("needs %s", op)
	}
	return nil
}
