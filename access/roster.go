package access

import "hash/maphash"

// A roster finds users by id. It is written once and then only read, which
// lets it be flatter than a map: with many tenants the time of a look-up goes
// into fetching memory, and here that is one seat and the user on it.
type roster struct {
	seed  maphash.Seed
	seats []seat // open addressing, at most half taken, so that a free one ends every search
}

// A seat keeps the whole hash, so that a search passes other users by without
// fetching them.
type seat struct {
	hash uint64
	user *user // nil: free
}

func newRoster(users int) roster {
	size := 2
	for size < 2*users {
		size *= 2
	}
	return roster{seed: maphash.MakeSeed(), seats: make([]seat, size)}
}

// find returns the user, or nil.
func (r *roster) find(id string) *user { return r.seat(id, maphash.String(r.seed, id)).user }

// add must not be called for more users than the roster was made for.
func (r *roster) add(u *user) {
	hash := maphash.String(r.seed, u.id)
	*r.seat(u.id, hash) = seat{hash, u}
}

// seat returns where the user is, or would be.
func (r *roster) seat(id string, hash uint64) *seat {
	last := uint64(len(r.seats) - 1)
	for i := hash & last; ; i = (i + 1) & last {
		if s := &r.seats[i]; s.user == nil || s.hash == hash && s.user.id == id {
			return s
		}
	}
}

// ids returns the ids of all users, in no order.
func (r *roster) ids() []string {
	var ids []string
	for _, s := range r.seats {
		if s.user != nil {
			ids = append(ids, s.user.id)
		}
	}
	return ids
}
