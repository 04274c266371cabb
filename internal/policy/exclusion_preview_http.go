package policy

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

type previewExclusionInput struct {
	api.PageInput
	Body struct {
		Create *newExclusion    `json:"create,omitempty" doc:"What POST of an exclusion would be sent"`
		Name   string           `json:"name,omitempty" maxLength:"64" doc:"Of the exclusion that would be edited or deleted"`
		Edit   *exclusionChange `json:"edit,omitempty" doc:"What PATCH of it would be sent"`
		Delete bool             `json:"delete,omitempty"`
	}
}

type exclusionImpactJSON struct {
	Digest    string         `json:"digest" doc:"Send it in If-Preview, in quotation marks, with the change itself"`
	People    int            `json:"people" doc:"How many people may do other things afterwards: an exclusion gives nobody anything and takes nothing away, so 0"`
	Violators int            `json:"violators" doc:"How many people have more of the roles than would be allowed; as long as there are any, the change is refused"`
	Others    int            `json:"others" doc:"How many of them you may not read: they are counted above, and not listed"`
	Items     []violatorJSON `json:"items" doc:"The violators, by id"`
	Next      *string        `json:"next" doc:"The cursor of the next page; null on the last one"`
}

type violatorJSON struct {
	User  personRef `json:"user"`
	Roles []string  `json:"roles" doc:"Those of the exclusion that the user has, sorted"`
}

type exclusionImpactOutput struct{ Body exclusionImpactJSON }

// handlePreviewExclusion shows who is in the way of an exclusion, which its change names only a hundred of.
func (s *Service) handlePreviewExclusion(ctx context.Context, in *previewExclusionInput) (*exclusionImpactOutput, error) {
	by := caller.Must(ctx)
	seen, err := s.foresee(ctx, func(ctx context.Context) error { return s.tryExclusion(ctx, in) })
	if err != nil {
		return nil, err
	}
	impact := newImpact(seen)
	out := &exclusionImpactOutput{Body: exclusionImpactJSON{
		Digest: impact.Digest, People: len(impact.Differences), Violators: len(seen.settled.Violators),
	}}
	readable, err := readableOf(by, seen.settled.Violators)
	if err != nil {
		return nil, err
	}
	out.Body.Others = out.Body.Violators - len(readable)
	after, err := in.After(ctx, impact.Digest)
	if err != nil {
		return nil, err
	}
	if len(after) == 1 {
		readable = slices.DeleteFunc(readable, func(h fault.Holder) bool { return h.ID <= after[0] })
	}
	readable = readable[:min(len(readable), in.Limit+1)]
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error { return addNames(ctx, tx, readable) })
	if err != nil {
		return nil, err
	}
	item := func(h fault.Holder) violatorJSON { return violatorJSON{personRef{h.ID, h.Name}, h.Roles} }
	page := api.NewPage(ctx, in.PageInput, readable, item, func(h fault.Holder) []string { return []string{h.ID} }, impact.Digest)
	out.Body.Items, out.Body.Next = page.Body.Items, page.Body.Next
	return out, nil
}

// tryExclusion makes the change of an exclusion that is to be previewed.
func (s *Service) tryExclusion(ctx context.Context, in *previewExclusionInput) (err error) {
	by, b := caller.Must(ctx), in.Body
	switch {
	case b.Create != nil && b.Name == "" && b.Edit == nil && !b.Delete:
		_, err = s.createExclusion(ctx, by, b.Create.exclusion())
	case b.Create == nil && b.Name != "" && b.Edit != nil && !b.Delete:
		_, err = s.updateExclusion(ctx, by, b.Name, api.AsItStands, *b.Edit)
	case b.Create == nil && b.Name != "" && b.Edit == nil && b.Delete:
		err = s.deleteExclusion(ctx, by, b.Name, api.AsItStands)
	default:
		err = ErrOneChange("create; or name with edit or delete")
	}
	return err
}
