package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// tryRow is a try as it is stored for the counters of name and network: until it is known to have
// succeeded, or for as long as it counts as a failure.
type tryRow struct {
	id            string
	time          time.Time
	name, network string
}

// take adds the row, unless the name or the network is held up: then it is [fault.ErrSlowDown]. It reports
// whether with it, should it be a failure, one of the two begins to be.
func (r tryRow) take(ctx context.Context, tx *store.Tx) (begins bool, err error) {
	byName, err := r.nameHeld(ctx, tx)
	if err != nil {
		return false, err
	}
	byNetwork, err := r.networkHeld(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, counter := range []string{r.name, r.network} {
		if err := setTried(ctx, tx, counter); err != nil {
			return false, err
		}
	}
	return byName || byNetwork, r.insert(ctx, tx)
}

// nameHeld holds the name's brake, and says whether this try makes it take hold.
func (r tryRow) nameHeld(ctx context.Context, tx *store.Tx) (bool, error) {
	last, err := holdBrake(ctx, tx, r.name)
	if err != nil {
		return false, err
	}
	failures, err := triesUnderName(ctx, tx, r.name, r.time.Add(-nameWindow))
	if err != nil {
		return false, err
	}
	pace := paceOfName(failures)
	if wait := early(last, r.time, pace); wait > 0 {
		return false, fault.ErrSlowDown.After(wait)
	}
	return pace == 0 && paceOfName(failures+1) > 0, nil
}

// networkHeld is nameHeld for the network.
func (r tryRow) networkHeld(ctx context.Context, tx *store.Tx) (bool, error) {
	last, err := holdBrake(ctx, tx, r.network)
	if err != nil {
		return false, err
	}
	failures, names, fresh, err := triesFromNetwork(ctx, tx, r.network, r.name, r.time.Add(-networkWindow))
	if err != nil {
		return false, err
	}
	pace := paceOfNetwork(failures, names)
	if wait := early(last, r.time, pace); wait > 0 {
		return false, fault.ErrSlowDown.After(wait)
	}
	if fresh {
		names++
	}
	return pace == 0 && paceOfNetwork(failures+1, names) > 0, nil
}
