package access

// A layer of a roster is flatter than a map: with many tenants the time of a
// look-up goes into fetching memory, and here that is one seat and the user on
// it. The zero layer has nobody, and cannot be looked into.
type layer struct {
	seats []seat // open addressing, at most half taken, so that a free one ends every search
	taken int
}

// A seat keeps the whole hash, so that a search passes other users by without
// fetching them.
type seat struct {
	hash uint64
	user *user // nil: free
}

func newLayer(users int) layer {
	size := 2
	for size < 2*users {
		size *= 2
	}
	return layer{seats: make([]seat, size)}
}

// seat returns where the user is, or would be.
func (l *layer) seat(id string, hash uint64) *seat {
	last := uint64(len(l.seats) - 1)
	for i := hash & last; ; i = (i + 1) & last {
		if s := &l.seats[i]; s.user == nil || s.hash == hash && s.user.id == id {
			return s
		}
	}
}

// put must not be called for more users than the layer was made for.
func (l *layer) put(s seat) {
	place := l.seat(s.user.id, s.hash)
	if place.user == nil {
		l.taken++
	}
	*place = s
}

// all yields the seats that are taken, in no order.
func (l *layer) all(yield func(seat) bool) {
	for _, s := range l.seats {
		if s.user != nil && !yield(s) {
			return
		}
	}
}
