package policy

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"

	"github.com/usher-desk/usher/access"
)

// digestVersion tells digests apart that were made in another way.
const digestVersion = "p2-"

// digestOf is the same for two changes that do the same to roles, exclusions and people, and for no others: SHA-256
// over JSON whose members and lists are in a fixed order. Those who differ alike are written once, and everybody by
// their id and the sum of how they differ: ids are all of the same length.
func digestOf(c change, differences []Difference) string {
	sum := sha256.New()
	sum.Write(canonical(c.becoming()))
	sums := map[likeness][sha256.Size]byte{}
	for _, d := range differences {
		alike := likenessOf(d)
		how, known := sums[alike]
		if !known {
			one := d
			one.Subject = ""
			how = sha256.Sum256(canonical(one))
			sums[alike] = how
		}
		sum.Write([]byte(d.Subject))
		sum.Write(how[:])
	}
	return digestVersion + base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// becoming is what a change makes of what it has touched, besides users.
type becoming struct {
	Roles     []access.Role
	MFA       []string // those of them whose holders need a second factor
	Gone      []string
	Exclusion *settlement
}

func (c change) becoming() (b becoming) {
	b.Exclusion = c.settled
	for _, name := range slices.Sorted(maps.Keys(c.after.roles)) {
		if c.touches(name) {
			role, _ := c.after.Role(name)
			role.Permissions = sortedPermissions(role.Permissions)
			b.Roles = append(b.Roles, role)
			if c.after.roles[name].requiresMFA {
				b.MFA = append(b.MFA, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.before.roles)) {
		if _, stays := c.after.roles[name]; !stays {
			b.Gone = append(b.Gone, name)
		}
	}
	return b
}

// canonical writes what is made of strings, numbers and lists of them.
func canonical(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
