package policy

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// Refusals of changes that go with a preview.
var (
	ErrPreviewRequired = fault.Define(fault.Unconditional, "preview_required",
		"This changes what people may do; look at the preview first.", "此更改会影响他人的权限，请先查看预览。",
		"Ask the preview of the same change, show it to whoever decides, and send its digest in If-Preview.")
	ErrPreviewDiffers = fault.Define(fault.Stale, "preview_differs",
		"The change would do something else than its preview showed.", "此更改的影响与预览不一致。",
		"Something has changed since the preview was made. Ask it again, and decide again.")
)

type previewKey struct{}

// errPreviewed undoes what was only to be seen.
var errPreviewed = errors.New("policy: a preview ends without a commit")

// Preview makes a change of access under the guard rails, undoes it, and sees what it would have done: that takes
// longer than the change where many are concerned, and by then nobody waits for it. The change is refused like the
// change itself.
func (s *Service) Preview(ctx context.Context, try func(ctx context.Context) error) (Impact, error) {
	seen, err := s.foresee(ctx, try)
	if err != nil {
		return Impact{}, err
	}
	return newImpact(seen), nil
}

// foresee makes a change and undoes it.
func (s *Service) foresee(ctx context.Context, try func(ctx context.Context) error) (seen change, err error) {
	err = try(context.WithValue(ctx, previewKey{}, &seen))
	if call := api.CallFrom(ctx); call != nil { // nothing has changed
		call.Changes, call.Private = trail.Change{}, nil
	}
	switch {
	case errors.Is(err, errPreviewed):
		return seen, nil
	case err == nil:
		err = errors.New("policy: a change that was to be previewed went around Change")
	}
	return change{}, err
}

// previewing reports whether the change in the context is one that is only to be seen.
func previewing(ctx context.Context) bool { return ctx.Value(previewKey{}) != nil }

// expected decides about a change that the guard rails have let pass: a preview ends here, and what was decided by one
// must do what it has shown.
func expected(ctx context.Context, c change) error {
	if seen, previewing := ctx.Value(previewKey{}).(*change); previewing {
		*seen = c
		return errPreviewed
	}
	asked := api.Expected(ctx)
	if !asked.Required && asked.Digest == "" {
		return nil
	}
	impact := newImpact(c)
	switch {
	case asked.Digest == "" && len(impact.Differences) > 0:
		return ErrPreviewRequired.With("%d people would stand differently", len(impact.Differences))
	case asked.Digest != "" && asked.Digest != impact.Digest:
		return ErrPreviewDiffers
	}
	return nil
}
