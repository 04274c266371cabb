package desk

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

var errShortcutTaken = fault.Define(fault.Conflict, "shortcut_taken", "A canned reply has this shortcut already.", "该快捷码已被使用。",
	"Choose another; a shortcut is good for one canned reply of the tenant.")

// CannedReply is a text that agents need again and again.
type CannedReply struct {
	ID         string
	Author     named
	Department named // whose agents choose it; none: everybody's
	Title      string
	Shortcut   string // what agents type to find it; "" for none
	Body       string
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// key orders titles and looks for them.
func (r CannedReply) key() string { return store.Fold(r.Title) }

// object is what permissions on canned replies are about.
func (r CannedReply) object(tenant string) *access.Object {
	o := r.place(tenant)
	o.ID, o.Owners = r.ID, []string{r.Author.ID}
	return o
}

// place is the reply without its author: where it is offered. Who writes one is always its author, so that
// the author says nothing about whether it may be offered there.
func (r CannedReply) place(tenant string) *access.Object {
	o := &access.Object{Tenant: tenant, Resource: "canned_reply"}
	if r.Department.ID != "" {
		o.Departments = []string{r.Department.ID}
	}
	return o
}

// cannedReplyRoutes registers the operations on canned replies.
func (s *Service) cannedReplyRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "canned-reply-list", Method: http.MethodGet, Path: "/v1/canned-replies", Summary: "List canned replies by title",
		Access: api.Needs("canned_reply:read", "conversation:update"), Tenant: api.OfCaller, Event: "canned_reply.list", Limit: api.Ordinary,
	}, s.handleCannedReplies)
	api.Register(a, api.Operation{
		ID: "canned-reply-create", Method: http.MethodPost, Path: "/v1/canned-replies", Summary: "Create a canned reply",
		Access: api.Needs("canned_reply:create"), Tenant: api.OfCaller, Event: "canned_reply.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateCannedReply)
	api.Register(a, api.Operation{
		ID: "canned-reply-update", Method: http.MethodPatch, Path: "/v1/canned-replies/{id}", Summary: "Change a canned reply",
		Access: api.Needs("canned_reply:update"), Tenant: api.OfCaller, Event: "canned_reply.update", Limit: api.Ordinary,
	}, s.handleUpdateCannedReply)
	api.Register(a, api.Operation{
		ID: "canned-reply-delete", Method: http.MethodDelete, Path: "/v1/canned-replies/{id}", Summary: "Delete a canned reply",
		Access: api.Needs("canned_reply:delete"), Tenant: api.OfCaller, Event: "canned_reply.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteCannedReply)
}

// createCannedReply adds a reply of the caller's where they may offer one.
func (s *Service) createCannedReply(ctx context.Context, by *caller.Caller, change cannedReplyChange) (made CannedReply, err error) {
	if by.Visit != nil {
		return CannedReply{}, caller.ErrVisitorIsNobody // and no author
	}
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		r, err := change.apply(CannedReply{ID: store.NewID(tx.Now), Author: named{ID: by.User}, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now})
		if err != nil {
			return err
		}
		if err := by.RequireNew("canned_reply:create", r.place(by.Tenant)); err != nil {
			return err
		}
		if err := r.insert(ctx, tx); err != nil {
			return cannedReplyFault(err)
		}
		if made, err = findCannedReply(ctx, tx, r.ID); err != nil {
			return err
		}
		noteCannedReply(ctx, CannedReply{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	return made, err
}

// changeCannedReply changes a reply, and asks again where it shall be offered to others than before.
func (s *Service) changeCannedReply(ctx context.Context, by *caller.Caller, id string, version int64, change cannedReplyChange) (after CannedReply, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		before, err := mayChangeCannedReply(ctx, tx, by, "canned_reply:update", id, version)
		if err != nil {
			return err
		}
		r, err := change.apply(before)
		if err != nil {
			return err
		}
		if r.Department.ID != before.Department.ID {
			if err := by.RequireNew("canned_reply:update", r.place(by.Tenant)); err != nil {
				return err
			}
		}
		r.Version, r.UpdatedAt = version+1, tx.Now
		if err := r.store(ctx, tx); err != nil {
			return cannedReplyFault(err)
		}
		if after, err = findCannedReply(ctx, tx, id); err != nil {
			return err
		}
		noteCannedReply(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

func (s *Service) deleteCannedReply(ctx context.Context, by *caller.Caller, id string, version int64) error {
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		r, err := mayChangeCannedReply(ctx, tx, by, "canned_reply:delete", id, version)
		if err != nil {
			return err
		}
		if err := r.delete(ctx, tx); err != nil {
			return err
		}
		noteCannedReply(ctx, r, CannedReply{ID: id})
		return s.config.Audit.Append(ctx, tx)
	})
}

// mayChangeCannedReply loads a reply that the caller means to change, in the version that they know.
func mayChangeCannedReply(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, id string, version int64) (CannedReply, error) {
	r, err := findCannedReply(ctx, tx, id)
	if err != nil {
		return CannedReply{}, err
	}
	if err := by.Require(permission, r.object(by.Tenant)); err != nil {
		return CannedReply{}, err
	}
	if r.Version != version {
		return CannedReply{}, api.Stale(r.Version)
	}
	return r, nil
}

// cannedReplyFault words what the database refuses of a canned reply.
func cannedReplyFault(err error) error {
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return errShortcutTaken.Because(err)
	case errors.Is(err, store.ErrReference):
		return fault.ErrInvalid.At("body.department", "there is no such department")
	}
	return err
}
