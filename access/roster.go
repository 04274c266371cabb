package access

import (
	"hash/maphash"
	"iter"
	"slices"
)

// A roster finds users by id. It is written once and then only read. What a
// change of policy touches lies over the rest in a layer of its own, so that a
// roster of many users is not written anew for one of them.
type roster struct {
	seed   maphash.Seed
	base   layer
	recent layer // looked at first; a user who has left keeps the seat
}

// recentShare is how many times larger than recent base stays: what is over it
// is copied for every change, and all users are once recent has grown.
const recentShare = 16

func newRoster(users int) roster {
	return roster{seed: maphash.MakeSeed(), base: newLayer(users)}
}

// find returns the user, or nil.
func (r *roster) find(id string) *user {
	hash := maphash.String(r.seed, id)
	if r.recent.taken > 0 {
		if u := r.recent.seat(id, hash).user; u != nil {
			return u.present()
		}
	}
	return r.base.seat(id, hash).user
}

// add must not be called for more users than the roster was made for.
func (r *roster) add(u *user) { r.base.put(seat{maphash.String(r.seed, u.id), u}) }

// with returns a roster where these users stand in place of those with their
// ids, or are gone where they have left.
func (r *roster) with(users []*user) roster {
	next := roster{seed: r.seed, base: r.base, recent: newLayer(r.recent.taken + len(users))}
	for s := range r.recent.all {
		next.recent.put(s)
	}
	for _, u := range users {
		next.recent.put(seat{maphash.String(r.seed, u.id), u})
	}
	if next.recent.taken*recentShare > next.base.taken {
		return next.merged()
	}
	return next
}

// merged returns the same roster in one layer.
func (r *roster) merged() roster {
	next := roster{seed: r.seed, base: newLayer(r.base.taken + r.recent.taken)}
	for s := range r.seats {
		next.base.put(s)
	}
	return next
}

// seats yields those that are taken by somebody who is here, in no order.
func (r *roster) seats(yield func(seat) bool) {
	for s := range r.recent.all {
		if s.user.present() != nil && !yield(s) {
			return
		}
	}
	for s := range r.base.all {
		if (r.recent.taken == 0 || r.recent.seat(s.user.id, s.hash).user == nil) && !yield(s) {
			return
		}
	}
}

// all yields the users, in no order.
func (r *roster) all() iter.Seq[*user] {
	return func(yield func(*user) bool) {
		for s := range r.seats {
			if !yield(s.user) {
				return
			}
		}
	}
}

// sorted returns the users in the order of their ids.
func (r *roster) sorted() []*user {
	users := slices.Collect(r.all())
	slices.SortFunc(users, byID)
	return users
}
