package policy

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

func (s *Service) createExclusion(ctx context.Context, by *caller.Caller, x Exclusion) (Exclusion, error) {
	return s.changeExclusion(ctx, by, func(tx *store.Tx) (before, after Exclusion, err error) {
		if err := MayAssign(by); err != nil {
			return before, after, err
		}
		if x, err = x.settle(by); err != nil {
			return before, after, err
		}
		n, err := countExclusions(ctx, tx)
		if err == nil && n >= maxExclusions {
			err = ErrExclusionsFull.With("%d exclusions, at most %d", n, maxExclusions)
		}
		if err != nil {
			return before, after, err
		}
		free, err := insertExclusion(ctx, tx, x)
		if err == nil && !free {
			err = ErrExclusionNameTaken
		}
		if err != nil {
			return before, after, err
		}
		after, err = findExclusion(ctx, tx, x.Name)
		return before, after, err
	})
}

func (s *Service) updateExclusion(ctx context.Context, by *caller.Caller, name string, version int64, change exclusionChange) (Exclusion, error) {
	return s.changeExclusion(ctx, by, func(tx *store.Tx) (before, after Exclusion, err error) {
		if before, err = standing(ctx, tx, by, name, version); err != nil {
			return before, after, err
		}
		if after, err = change.apply(before).settle(by); err != nil {
			return before, after, err
		}
		after, err = updateExclusion(ctx, tx, after)
		return before, after, err
	})
}

func (s *Service) deleteExclusion(ctx context.Context, by *caller.Caller, name string, version int64) error {
	_, err := s.changeExclusion(ctx, by, func(tx *store.Tx) (before, after Exclusion, err error) {
		if before, err = standing(ctx, tx, by, name, version); err != nil {
			return before, after, err
		}
		return before, Exclusion{Name: name}, deleteExclusion(ctx, tx, name)
	})
	return err
}

// changeExclusion lets f write what becomes of an exclusion, and refuses one that users violate already, unless it
// is only to be seen who they are.
func (s *Service) changeExclusion(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) (before, after Exclusion, err error)) (after Exclusion, err error) {
	ctx, settled := settling(ctx)
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		before, now, err := f(tx)
		if err != nil {
			return err
		}
		after = now
		var violators []fault.Holder
		if now.tightens(before) {
			violators = now.violators(by)
		}
		if len(violators) > 0 && !previewing(ctx) {
			return violated(ctx, tx, by, violators)
		}
		*settled = settlement{now.Name, now.Roles, now.AtMost, violators}
		noteExclusion(ctx, before, now)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// settlement is what a change of an exclusion comes to.
type settlement struct {
	Name      string
	Roles     []string // none where the exclusion has gone
	AtMost    int
	Violators []fault.Holder // by id, without names; the change is refused unless there are none
}

type settlementKey struct{}

// settling returns a context whose change of access settles an exclusion.
func settling(ctx context.Context) (context.Context, *settlement) {
	settled := &settlement{}
	return context.WithValue(ctx, settlementKey{}, settled), settled
}

// settledIn is what the change in the context has settled; nil where it is not about an exclusion.
func settledIn(ctx context.Context) *settlement {
	settled, _ := ctx.Value(settlementKey{}).(*settlement)
	return settled
}

// standing returns the exclusion that the caller means to change, if they may and it is still of the
// version they mean.
func standing(ctx context.Context, tx *store.Tx, by *caller.Caller, name string, version int64) (Exclusion, error) {
	if err := by.Require("role:assign", roleObject(by.Tenant, name)); err != nil {
		return Exclusion{}, err
	}
	x, err := findExclusion(ctx, tx, name)
	if err == nil {
		err = api.Meant(version, x.Version)
	}
	return x, err
}

// apply returns the exclusion as it stands after the change.
func (c exclusionChange) apply(x Exclusion) Exclusion {
	replace(&x.Roles, c.Roles)
	replace(&x.AtMost, c.AtMost)
	replace(&x.DescriptionZH, c.DescriptionZH)
	replace(&x.DescriptionEN, c.DescriptionEN)
	return x
}

// settle returns an exclusion as it can be stored, and refuses one that says nothing sensible.
func (x Exclusion) settle(by *caller.Caller) (Exclusion, error) {
	if err := x.check(by.Subject.Snapshot()); err != nil {
		return Exclusion{}, err
	}
	x.Roles = sortedSet(x.Roles)
	return x, nil
}

// noteExclusion tells the record what became of an exclusion. Numbers, and what people wrote about it,
// are only committed to.
func noteExclusion(ctx context.Context, before, after Exclusion) {
	api.Touched(ctx, "exclusion", after.Name)
	api.Changed(ctx, "roles", before.Roles, after.Roles)
	api.ChangedPrivately(ctx, "at_most", before.bound(), after.bound())
	api.ChangedPrivately(ctx, "description_zh", before.DescriptionZH, after.DescriptionZH)
	api.ChangedPrivately(ctx, "description_en", before.DescriptionEN, after.DescriptionEN)
}

// bound is AtMost in words; "" where there is no exclusion.
func (x Exclusion) bound() string {
	if x.AtMost == 0 {
		return ""
	}
	return strconv.Itoa(x.AtMost)
}
