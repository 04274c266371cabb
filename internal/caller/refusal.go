package caller

import (
	"strings"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// The reasons of a deny, as answers about access, problem documents and records name them.
var (
	ErrNoPermission = fault.Define(fault.Forbidden, string(access.NoPermission),
		"You do not have the permission for this.", "您没有此操作的权限。",
		"`detail` names the permission that is needed; ask an administrator of your tenant.")
	errOutOfScope = fault.Define(fault.Forbidden, string(access.OutOfScope),
		"Your permission does not reach this.", "您的权限范围不包含此对象。",
		"`detail` names the scope that would be needed and those you have.")
	errRoleInactive = fault.Define(fault.Forbidden, string(access.RoleInactive),
		"The role that would allow this is deactivated.", "允许此操作的角色已停用。",
		"An administrator can activate the role again.")
	errExpired = fault.Define(fault.Forbidden, string(access.AssignmentExpired),
		"The assignment that allowed this has expired.", "允许此操作的授权已过期。",
		"An administrator can prolong the assignment.")
	errInactive = fault.Define(fault.Forbidden, string(access.SubjectInactive),
		"The user is disabled.", "该用户已停用。",
		"An administrator can enable the user again.")
	errSuspended = fault.Define(fault.Forbidden, string(access.TenantSuspended),
		"The tenant is suspended.", "该租户已暂停。",
		"The platform's administrators can resume the tenant.")
	errOtherTenant = fault.Define(fault.Forbidden, string(access.OtherTenant),
		"The object belongs to another tenant.", "该对象属于其他租户。",
		"Nothing crosses the border of a tenant.")
)

var reasons = map[access.Reason]*fault.Code{
	access.NoPermission:      ErrNoPermission,
	access.OutOfScope:        errOutOfScope,
	access.RoleInactive:      errRoleInactive,
	access.AssignmentExpired: errExpired,
	access.SubjectInactive:   errInactive,
	access.TenantSuspended:   errSuspended,
	access.OtherTenant:       errOtherTenant,
}

// outside refuses a caller who holds none of the permissions. When a deactivated role or an expired
// assignment would bring one, that is the reason told.
func (c *Caller) outside(permissions []string) error {
	for _, p := range permissions {
		op, err := c.operation(p)
		if err != nil {
			return err
		}
		if err := c.visiting(op); err != nil {
			return err
		}
		for _, o := range c.nearest(op.Resource()) {
			code := reasons[c.Subject.Check(op, &o, c.At).Reason]
			if code != nil && code != ErrNoPermission && code != errOutOfScope {
				return code.With("needs %s; you have nothing", p)
			}
		}
	}
	return ErrNoPermission.With("needs %s; you have nothing", strings.Join(permissions, " or "))
}

// nearest are the objects that the lowest scopes cover: what is the caller's own, and what is nobody's.
func (c *Caller) nearest(resource string) []access.Object {
	return []access.Object{
		{Tenant: c.Tenant, Resource: resource, Owners: []string{c.User}, Assignee: c.User, Assignable: true},
		{Tenant: c.Tenant, Resource: resource, Assignable: true},
	}
}

// refusal words an explained deny: what was needed, what the caller has.
func refusal(why access.Explanation, permission string) error {
	code := reasons[why.Reason]
	if code == nil {
		code = ErrNoPermission
	}
	have := "nothing"
	if len(why.Have) > 0 {
		have = strings.Join(names(why.Have), ", ")
	}
	if why.Needs == 0 {
		return code.With("needs %s; you have %s", permission, have)
	}
	return code.With("needs %s at %s; you have %s", permission, why.Needs, have)
}

func names(scopes []access.Scope) []string {
	list := make([]string, len(scopes))
	for i, s := range scopes {
		list[i] = s.String()
	}
	return list
}
