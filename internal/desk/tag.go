package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Codes of tags.
var (
	errTagNameTaken = fault.Define(fault.Conflict, "tag_name_taken", "There is a tag of this name already.", "标签名称已存在。",
		"Choose another name; case, width and outer spaces make no difference.")
	errTagInUse = fault.Define(fault.Conflict, "tag_in_use", "Conversations have this tag.", "该标签已被会话使用。",
		"Rename it, or take it from the conversations first.")
)

// Tag is a word that agents put on conversations.
type Tag struct {
	ID        string
	Name      string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// key orders and compares names.
func (g Tag) key() string { return store.Fold(g.Name) }

// renamed is the tag under another name, as it may be.
func (g Tag) renamed(name string) (Tag, error) {
	g.Name = strings.TrimSpace(name)
	return g, tenant.CheckName("body.name", g.Name)
}

func tagObject(tenant, id string) *access.Object {
	return &access.Object{Tenant: tenant, Resource: "tag", ID: id}
}

// tagRoutes registers the operations on tags. Whoever works conversations chooses from them.
func (s *Service) tagRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "tag-list", Method: http.MethodGet, Path: "/v1/tags", Summary: "List tags by name",
		Access: api.Needs("tag:read", "conversation:update"), Tenant: api.OfCaller, Event: "tag.list", Limit: api.Ordinary,
	}, s.handleTags)
	api.Register(a, api.Operation{
		ID: "tag-create", Method: http.MethodPost, Path: "/v1/tags", Summary: "Create a tag",
		Access: api.Needs("tag:create"), Tenant: api.OfCaller, Event: "tag.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateTag)
	api.Register(a, api.Operation{
		ID: "tag-update", Method: http.MethodPatch, Path: "/v1/tags/{id}", Summary: "Rename a tag, wherever it is",
		Access: api.Needs("tag:update"), Tenant: api.OfCaller, Event: "tag.update", Limit: api.Ordinary,
	}, s.handleUpdateTag)
	api.Register(a, api.Operation{
		ID: "tag-delete", Method: http.MethodDelete, Path: "/v1/tags/{id}", Summary: "Delete a tag that no conversation has",
		Access: api.Needs("tag:delete"), Tenant: api.OfCaller, Event: "tag.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteTag)
}

func (s *Service) createTag(ctx context.Context, by *caller.Caller, name string) (made Tag, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := by.RequireNew("tag:create", tagObject(by.Tenant, "")); err != nil {
			return err
		}
		made, err = Tag{ID: store.NewID(tx.Now), Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}.renamed(name)
		if err != nil {
			return err
		}
		if err := made.insert(ctx, tx); err != nil {
			return tagFault(err)
		}
		noteTag(ctx, Tag{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	return made, err
}

func (s *Service) renameTag(ctx context.Context, by *caller.Caller, id string, version int64, name string) (after Tag, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		before, err := mayChangeTag(ctx, tx, by, "tag:update", id, version)
		if err != nil {
			return err
		}
		if after, err = before.renamed(name); err != nil {
			return err
		}
		after.Version, after.UpdatedAt = version+1, tx.Now
		if err := after.store(ctx, tx); err != nil {
			return tagFault(err)
		}
		noteTag(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

func (s *Service) deleteTag(ctx context.Context, by *caller.Caller, id string, version int64) error {
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		g, err := mayChangeTag(ctx, tx, by, "tag:delete", id, version)
		if err != nil {
			return err
		}
		if err := g.delete(ctx, tx); err != nil {
			return tagFault(err)
		}
		noteTag(ctx, g, Tag{ID: id})
		return s.config.Audit.Append(ctx, tx)
	})
}

// mayChangeTag loads a tag that the caller means to change, in the version that they know.
func mayChangeTag(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, id string, version int64) (Tag, error) {
	g, err := findTag(ctx, tx, id)
	if err != nil {
		return Tag{}, err
	}
	if err := by.RequireNew(permission, tagObject(by.Tenant, id)); err != nil {
		return Tag{}, err
	}
	if g.Version != version {
		return Tag{}, api.Stale(g.Version)
	}
	return g, nil
}

// tagFault words what the database refuses of a tag.
func tagFault(err error) error {
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return errTagNameTaken.Because(err)
	case errors.Is(err, store.ErrReference):
		return errTagInUse.Because(err)
	}
	return err
}
