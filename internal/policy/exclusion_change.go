package policy

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

func (s *Service) createExclusion(ctx context.Context, by *caller.Caller, x Exclusion) (made Exclusion, err error) {
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		if err := MayAssign(by); err != nil {
			return err
		}
		after, err := x.settle(ctx, tx, by, Exclusion{})
		if err != nil {
			return err
		}
		free, err := insertExclusion(ctx, tx, after)
		if err != nil {
			return err
		}
		if !free {
			return ErrExclusionNameTaken
		}
		if made, err = findExclusion(ctx, tx, x.Name); err != nil {
			return err
		}
		noteExclusion(ctx, Exclusion{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	return made, err
}

func (s *Service) updateExclusion(ctx context.Context, by *caller.Caller, name string, version int64, change exclusionChange) (after Exclusion, err error) {
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		before, err := standing(ctx, tx, by, name, version)
		if err != nil {
			return err
		}
		if after, err = change.apply(before).settle(ctx, tx, by, before); err != nil {
			return err
		}
		if after, err = updateExclusion(ctx, tx, after); err != nil {
			return err
		}
		noteExclusion(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

func (s *Service) deleteExclusion(ctx context.Context, by *caller.Caller, name string, version int64) error {
	return s.Change(ctx, by, func(tx *store.Tx) error {
		before, err := standing(ctx, tx, by, name, version)
		if err != nil {
			return err
		}
		if err := deleteExclusion(ctx, tx, name); err != nil {
			return err
		}
		noteExclusion(ctx, before, Exclusion{Name: name})
		return s.config.Audit.Append(ctx, tx)
	})
}

// standing returns the exclusion that the caller means to change, if they may and it is still of the
// version they mean.
func standing(ctx context.Context, tx *store.Tx, by *caller.Caller, name string, version int64) (Exclusion, error) {
	if err := by.Require("role:assign", roleObject(by.Tenant, name)); err != nil {
		return Exclusion{}, err
	}
	x, err := findExclusion(ctx, tx, name)
	if err == nil && x.Version != version {
		err = api.Stale(x.Version)
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

// settle returns an exclusion as it can be stored, and refuses one that says nothing sensible or that
// users violate already.
func (x Exclusion) settle(ctx context.Context, tx *store.Tx, by *caller.Caller, before Exclusion) (Exclusion, error) {
	if err := x.check(by.Subject.Snapshot()); err != nil {
		return Exclusion{}, err
	}
	x.Roles = sortedSet(x.Roles)
	if !x.tightens(before) {
		return x, nil
	}
	return x, x.violated(ctx, tx, by)
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
