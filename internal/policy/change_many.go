package policy

import (
	"context"
	"errors"

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
// some of them, it says of whom, in no order, with the first refusal of each; then there is no error. Without
// keep nothing of f remains, and the rails are asked all the same.
func (s *Service) ChangeMany(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) (keep bool, err error)) ([]Refused, error) {
	_, err := s.changeOrNot(ctx, by, f)
	if errors.Is(err, errLetGo) {
		return nil, nil
	}
	if v := (*verdict)(nil); errors.As(err, &v) {
		if refused := v.ofUsers(); refused != nil {
			return refused, nil
		}
	}
	return nil, err
}

// verdict is a refusal of the guard rails with the change that they refuse.
type verdict struct {
	change change
	cause  error
}

func (v *verdict) Error() string { return v.cause.Error() }
func (v *verdict) Unwrap() error { return v.cause }

// ofUsers judges each user as if nobody else were touched; nil where the change would be refused even then.
func (v *verdict) ofUsers() (refused []Refused) {
	one := v.change
	if one.touched = nil; judgeOthers(one) != nil {
		return nil
	}
	self := v.change.actor.ID()
	if err := ownAccess(v.change); err != nil {
		refused = append(refused, Refused{self, fault.From(err)})
	}
	for _, p := range v.change.touched {
		if p.ID == self {
			continue
		}
		one.touched = []access.Pair{p}
		if err := judgeUsers(one); err != nil {
			refused = append(refused, Refused{p.ID, fault.From(err)})
		}
	}
	return refused
}
