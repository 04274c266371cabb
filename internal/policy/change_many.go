package policy

import (
	"context"
	"errors"
	"iter"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Refused is what the guard rails say against a change as far as it concerns one user.
type Refused struct {
	User  string
	Cause *fault.Error
}

// ChangeMany is [Service.Change] for what concerns many users at once. Where the rails refuse because of
// some of them, it says of whom, in no order, with the first refusal of each; then there is no error. Each is judged
// when the loop comes to them: the refusals of twenty thousand do not fit into memory. Without
// keep nothing of f remains, and the rails are asked all the same.
func (s *Service) ChangeMany(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) (keep bool, err error)) (iter.Seq[Refused], error) {
	_, err := s.changeOrNot(ctx, by, f)
	if errors.Is(err, errLetGo) {
		return nobody, nil
	}
	if v := (*verdict)(nil); errors.As(err, &v) && anybody(v.ofUsers) {
		return v.ofUsers, nil
	}
	return nobody, err
}

func nobody(func(Refused) bool) {}

func anybody(refused iter.Seq[Refused]) bool {
	for range refused {
		return true
	}
	return false
}

// verdict is a refusal of the guard rails with the change that they refuse.
type verdict struct {
	change change
	cause  error
}

func (v *verdict) Error() string { return v.cause.Error() }
func (v *verdict) Unwrap() error { return v.cause }

// ofUsers judges each user as if nobody else were touched, and none where the change would be refused even then.
func (v *verdict) ofUsers(yield func(Refused) bool) {
	one := v.change
	if one.touched = nil; judgeOthers(one) != nil {
		return
	}
	self := v.change.actor.ID()
	if err := ownAccess(v.change); err != nil && !yield(Refused{self, fault.From(err)}) {
		return
	}
	for _, p := range v.change.touched {
		if p.ID == self {
			continue
		}
		one.touched = []access.Pair{p}
		if err := judgeUsers(one); err != nil && !yield(Refused{p.ID, fault.From(err)}) {
			return
		}
	}
}
