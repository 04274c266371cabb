package desk

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/tenant"
)

type cannedReplyJSON struct {
	ID         string            `json:"id"`
	Title      string            `json:"title"`
	Shortcut   *string           `json:"shortcut" doc:"What agents type to find it; null for none"`
	Body       string            `json:"body"`
	Author     named             `json:"author"`
	Department api.OrNull[named] `json:"department" doc:"Whose agents choose it; null for everybody's"`
	CreatedAt  time.Time         `json:"created_at"`
	UpdatedAt  time.Time         `json:"updated_at"`
	Version    int64             `json:"version"`
}

// CannedReplyPath names a canned reply. It is exported because huma passes over embedded structs that are
// not.
type CannedReplyPath struct {
	ID string `path:"id" maxLength:"64"`
}

type cannedReplyOutput struct {
	ETag string `header:"ETag"`
	Body cannedReplyJSON
}

// CannedReplyOptions are what a canned reply may do without; what is absent stays as it is. It is exported
// because huma passes over embedded structs that are not.
type CannedReplyOptions struct {
	Shortcut   api.Optional[string] `json:"shortcut" required:"false" minLength:"1" maxLength:"32" pattern:"^[a-z0-9_-]+$" doc:"Null for none"`
	Department api.Optional[string] `json:"department" required:"false" minLength:"1" maxLength:"64" doc:"Id of the department whose agents choose it; null for everybody's"`
}

type createCannedReplyInput struct {
	Body struct {
		Title string `json:"title" minLength:"1" maxLength:"128"`
		Body  string `json:"body" minLength:"1" maxLength:"8000"`
		CannedReplyOptions
	}
}

type updateCannedReplyInput struct {
	CannedReplyPath
	api.IfMatch
	Body struct {
		Title *string `json:"title,omitempty" minLength:"1" maxLength:"128"`
		Body  *string `json:"body,omitempty" minLength:"1" maxLength:"8000"`
		CannedReplyOptions
	}
}

type deleteCannedReplyInput struct {
	CannedReplyPath
	api.IfMatch
}

// cannedReplyChange is what a call says about a canned reply, new or not.
type cannedReplyChange struct {
	title, body *string
	CannedReplyOptions
}

// apply returns the reply as it would become, or why it cannot be.
func (c cannedReplyChange) apply(r CannedReply) (CannedReply, error) {
	replace(&r.Title, c.title)
	r.Title = strings.TrimSpace(r.Title)
	replace(&r.Body, c.body)
	replaceOptional(&r.Shortcut, c.Shortcut)
	replaceOptional(&r.Department.ID, c.Department)
	if err := tenant.CheckName("body.title", r.Title); err != nil {
		return CannedReply{}, err
	}
	var err error
	r.Body, err = checkText("body.body", r.Body) // it is to become a message
	return r, err
}

func (s *Service) handleCreateCannedReply(ctx context.Context, in *createCannedReplyInput) (*cannedReplyOutput, error) {
	r, err := s.createCannedReply(ctx, caller.Must(ctx), cannedReplyChange{&in.Body.Title, &in.Body.Body, in.Body.CannedReplyOptions})
	if err != nil {
		return nil, err
	}
	return r.output(), nil
}

func (s *Service) handleUpdateCannedReply(ctx context.Context, in *updateCannedReplyInput) (*cannedReplyOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	change := cannedReplyChange{in.Body.Title, in.Body.Body, in.Body.CannedReplyOptions}
	r, err := s.changeCannedReply(ctx, caller.Must(ctx), in.ID, version, change)
	if err != nil {
		return nil, err
	}
	return r.output(), nil
}

func (s *Service) handleDeleteCannedReply(ctx context.Context, in *deleteCannedReplyInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.deleteCannedReply(ctx, caller.Must(ctx), in.ID, version)
}

// noteCannedReply tells the record what became of the reply.
func noteCannedReply(ctx context.Context, before, after CannedReply) {
	api.Touched(ctx, "canned_reply", after.ID)
	api.ChangedPrivately(ctx, "title", before.Title, after.Title)
	api.ChangedPrivately(ctx, "shortcut", before.Shortcut, after.Shortcut)
	api.ChangedPrivately(ctx, "department", before.Department.ID, after.Department.ID)
	api.ChangedPrivately(ctx, "body", before.Body, after.Body)
}

func (r CannedReply) json() cannedReplyJSON {
	return cannedReplyJSON{
		ID: r.ID, Title: r.Title, Shortcut: orNil(r.Shortcut), Body: r.Body, Author: r.Author, Department: r.Department.orNull(),
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Version: r.Version,
	}
}

func (r CannedReply) output() *cannedReplyOutput {
	return &cannedReplyOutput{ETag: api.ETag(r.Version), Body: r.json()}
}
