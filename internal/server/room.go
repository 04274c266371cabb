package server

import (
	"log/slog"
	"math"
	"sync/atomic"
)

// DefaultKeepFree is the low-water mark where nobody says otherwise, in bytes.
const DefaultKeepFree = 256 << 20

// room knows how much of the disk is left that the database lies on.
type room struct {
	free func() (int64, error) // bytes; nil where nobody here can know
	keep int64                 // the low-water mark
	low  atomic.Bool           // it has been below the mark, and not far enough above it since
}

// left reports whether there is room for new work, and tells the log when that changes. There is again when a tenth more
// is left than is kept: at the mark itself each record and each checkpoint of the database would change the answer. A disk
// that does not say how full it is keeps nobody from working: it refuses by itself when it is.
func (r *room) left() bool {
	if r.free == nil || r.keep == 0 {
		return true
	}
	mark := r.keep
	if r.low.Load() {
		mark += r.keep / 10
	}
	free, err := r.free()
	low := err == nil && free < mark
	if r.low.Swap(low) != low {
		r.tell(free, low)
	}
	return !low
}

func (r *room) tell(free int64, low bool) {
	if low {
		slog.Error("the disk of the database is nearly full: changes are refused until there is room", "free_bytes", free, "keep_bytes", r.keep)
		return
	}
	slog.Info("the disk of the database has room again", "free_bytes", free)
}

// bytes is what is left; not a number where it cannot be found out.
func (r *room) bytes() float64 {
	free, err := r.free()
	if err != nil {
		return math.NaN()
	}
	return float64(free)
}

// Free returns how to ask how many bytes are left where the database lies; nil where that is another machine's, as with
// PostgreSQL.
func (i *Installation) Free() func() (int64, error) {
	if i.place.Postgres != "" {
		return nil
	}
	return func() (int64, error) { return freeOn(i.place.Data) }
}
