package policy

import "github.com/usher-desk/usher/internal/fault"

// Refusals of the guard rails.
var (
	ErrCannotGrant = fault.Define(fault.Forbidden, "cannot_grant",
		"Nobody grants what they do not hold.", "不能授予自己没有的权限。",
		"`detail` lists what you lack; somebody who holds all of it can make this change.")
	ErrOwnAccess = fault.Define(fault.Forbidden, "own_access",
		"Nobody changes their own access.", "不能更改自己的权限。",
		"Another administrator can change your roles, permission list, departments and whether you are active.")
	ErrStrongerUser = fault.Define(fault.Forbidden, "stronger_user",
		"This user holds more than you do.", "该用户的权限高于您。",
		"`detail` lists what they hold and you lack, also from expired or inactive roles; ask somebody who holds all of it.")
	ErrStrongerRole = fault.Define(fault.Forbidden, "stronger_role",
		"This role holds more than you do.", "该角色的权限高于您。",
		"`detail` lists what it holds and you lack; ask somebody who holds all of it.")
	ErrTooManyRoles = fault.Define(fault.Conflict, "too_many_roles",
		"The user would have more roles than the tenant allows.", "用户的角色数超出租户上限。",
		"Take another role away first, or raise max_roles_per_user in the settings.")
	ErrExcludedRoles = fault.Define(fault.Conflict, "excluded_roles",
		"The user would have roles that exclude each other.", "用户将同时拥有互斥的角色。",
		"`detail` names the exclusion and the roles; take one of them away first, or change the exclusion.")
	ErrLastAdministrator = fault.Define(fault.Conflict, "last_administrator",
		"An administrator who can sign in must remain.", "必须保留至少一名可登录的管理员。",
		"Make somebody else an administrator first: active, holding *:*:all without expiry, with a password.")
)

// Refusals of single operations.
var (
	ErrBuiltInRole = fault.Define(fault.Conflict, "built_in_role",
		"Built-in roles cannot be edited or deleted.", "内置角色不能修改或删除。",
		"Deactivate it, or create a role of your own with the permissions you want.")
	ErrDefaultRole = fault.Define(fault.Conflict, "default_role",
		"The default role of new users must stay active.", "新用户的默认角色必须保持启用。",
		"Choose another default role in the settings first.")
	ErrRoleInUse = fault.Define(fault.Conflict, "role_in_use",
		"Users still have this role.", "仍有用户使用此角色。",
		"Take it from its holders first; `detail` says how many there are.")
	ErrRolesFull = fault.Define(fault.Conflict, "roles_full",
		"The tenant has as many roles as it may have.", "租户的角色数已达上限。",
		"Delete roles that nobody needs; a tenant has at most 10,000.")
	ErrRoleNameTaken = fault.Define(fault.Conflict, "role_name_taken",
		"A role has this name already.", "角色名已被使用。",
		"Choose another name; a role's name never changes.")
	ErrPermissionListStands = fault.Define(fault.Conflict, "permission_list_stands",
		"The user has a permission list, so that roles would change nothing.", "用户设有独立权限列表，更改角色不会生效。",
		"Say in permission_list of the same request what becomes of it: null to let the roles decide, or a list.")
	ErrRoleInExclusion = fault.Define(fault.Conflict, "role_in_exclusion",
		"Without this role exclusions would keep nothing apart.", "缺少此角色，职责分离约束将失去作用。",
		"Delete the exclusions that `detail` names, or give them other roles, first.")
	ErrExclusionFull = fault.Define(fault.Conflict, "exclusion_full",
		"An exclusion has as many roles as it may have.", "职责分离约束中的角色已达上限。",
		"The clone would be one more in the exclusion that `detail` names. Take a role out of it first.")
	ErrExclusionsFull = fault.Define(fault.Conflict, "exclusions_full",
		"The tenant has as many exclusions as it may have.", "租户的职责分离约束数已达上限。",
		"Delete exclusions that keep nothing apart any more, or put more roles into one; a tenant has at most 500.")
	ErrExclusionNameTaken = fault.Define(fault.Conflict, "exclusion_name_taken",
		"An exclusion has this name already.", "职责分离约束名已被使用。",
		"Choose another name; an exclusion's name never changes.")
	ErrExclusionViolated = fault.Define(fault.Conflict, "exclusion_violated",
		"Users have more of these roles together than the exclusion allows.", "已有用户同时拥有的此类角色超过约束所允许的数量。",
		"Take roles from those users first: `holder_count` says how many they are, and `holders` names up to 100 whom you may read.")
)
