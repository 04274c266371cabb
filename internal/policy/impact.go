package policy

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
)

// Impact is what a change of access does: to whom, and what they may do by it.
type Impact struct {
	Digest      string // of the rest, and of what becomes of roles
	Differences []access.Difference
}

func newImpact(c change) Impact {
	i := Impact{Differences: access.Preview(c.before.Snapshot, c.after.Snapshot, c.at)}
	i.Digest = digestOf(c, i.Differences)
	return i
}

// digestVersion tells digests apart that were made in another way.
const digestVersion = "p1-"

// digestOf is the same for two changes that do the same to roles and people, and for no others: SHA-256 over JSON
// whose members and lists are in a fixed order.
func digestOf(c change, differences []access.Difference) string {
	shown := struct {
		Roles  []access.Role
		MFA    []string // those of them whose holders need a second factor
		Gone   []string
		People []access.Difference
	}{People: differences}
	for _, name := range slices.Sorted(maps.Keys(c.after.roles)) {
		if c.touches(name) {
			role, _ := c.after.Role(name)
			role.Permissions = sortedPermissions(role.Permissions)
			shown.Roles = append(shown.Roles, role)
			if c.after.roles[name].requiresMFA {
				shown.MFA = append(shown.MFA, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.before.roles)) {
		if _, stays := c.after.roles[name]; !stays {
			shown.Gone = append(shown.Gone, name)
		}
	}
	text, err := json.Marshal(shown)
	if err != nil {
		panic(err) // strings and lists of them
	}
	sum := sha256.Sum256(text)
	return digestVersion + base64.RawURLEncoding.EncodeToString(sum[:])
}

// tally is how many people gain and lose one permission, or reach by it.
type tally struct {
	permission   access.Permission
	gained, lost int
}

// talliesOf are sorted by permission.
func talliesOf(differences []access.Difference) []tally {
	byPermission := map[access.Permission]*tally{}
	count := func(p access.Permission) *tally {
		if byPermission[p] == nil {
			byPermission[p] = &tally{permission: p}
		}
		return byPermission[p]
	}
	for _, d := range differences {
		for _, p := range beyond(d.Gained, d.ReachGained) {
			count(p).gained++
		}
		for _, p := range beyond(d.Lost, d.ReachLost) {
			count(p).lost++
		}
	}
	list := make([]tally, 0, len(byPermission))
	for _, t := range byPermission {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b tally) int { return strings.Compare(a.permission.String(), b.permission.String()) })
	return list
}

// beyond are the permissions that somebody gains or loses, and those that only reach further or less far.
func beyond(whole []access.Permission, reaches []access.Reach) []access.Permission {
	all := slices.Clone(whole)
	for _, r := range reaches {
		if !slices.Contains(whole, r.Permission) {
			all = append(all, r.Permission)
		}
	}
	return all
}
