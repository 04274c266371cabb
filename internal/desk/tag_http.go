package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type tagJSON struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

// TagPath names a tag. It is exported because huma passes over embedded structs that are not.
type TagPath struct {
	ID string `path:"id" maxLength:"64"`
}

type tagOutput struct {
	ETag string `header:"ETag"`
	Body tagJSON
}

type tagsInput struct {
	api.PageInput
	Query string `query:"q" maxLength:"64" doc:"Part of a name, in any case"`
}

// tagName is what there is to say about a tag.
type tagName struct {
	Name string `json:"name" minLength:"1" maxLength:"64"`
}

type createTagInput struct{ Body tagName }

type updateTagInput struct {
	TagPath
	api.IfMatch
	Body tagName
}

type deleteTagInput struct {
	TagPath
	api.IfMatch
}

func (s *Service) handleTags(ctx context.Context, in *tagsInput) (*api.PageOutput[tagJSON], error) {
	after, err := in.After(ctx, in.Query)
	if err != nil {
		return nil, err
	}
	var found []Tag
	err = s.config.DB.Read(ctx, caller.Must(ctx).Tenant, func(tx *store.Tx) (err error) {
		found, err = in.find(ctx, tx, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.NewPage(ctx, in.PageInput, found, Tag.json, func(g Tag) []string { return []string{g.key()} }, in.Query), nil
}

func (s *Service) handleCreateTag(ctx context.Context, in *createTagInput) (*tagOutput, error) {
	g, err := s.createTag(ctx, caller.Must(ctx), in.Body.Name)
	if err != nil {
		return nil, err
	}
	return g.output(), nil
}

func (s *Service) handleUpdateTag(ctx context.Context, in *updateTagInput) (*tagOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	g, err := s.renameTag(ctx, caller.Must(ctx), in.ID, version, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return g.output(), nil
}

func (s *Service) handleDeleteTag(ctx context.Context, in *deleteTagInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.deleteTag(ctx, caller.Must(ctx), in.ID, version)
}

// noteTag tells the record what became of the tag.
func noteTag(ctx context.Context, before, after Tag) {
	api.Touched(ctx, "tag", after.ID)
	api.ChangedPrivately(ctx, "name", before.Name, after.Name)
}

func (g Tag) json() tagJSON {
	return tagJSON{ID: g.ID, Name: g.Name, CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt, Version: g.Version}
}

func (g Tag) output() *tagOutput { return &tagOutput{ETag: api.ETag(g.Version), Body: g.json()} }
