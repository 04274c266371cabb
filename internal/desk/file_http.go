package desk

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

func (s *Service) fileRoutes(a *api.API) {
	api.RegisterUpload(a, api.Operation{
		ID: "file-create", Method: http.MethodPost, Path: "/v1/files", Summary: "Upload a file, for a message to carry",
		Access: api.Needs("conversation:reply", "conversation:create", "conversation:update"), Tenant: api.OfCaller, Event: "file.create",
		Limit: api.OfFile(maxFile), Status: http.StatusCreated,
	}, fileTypes(), s.handleUpload)
	api.RegisterDownload(a, api.Operation{
		ID: "file-read", Method: http.MethodGet, Path: "/v1/files/{id}", Summary: "Get a file",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "file.read", Limit: api.Ordinary,
	}, s.handleDownload)
}

// FileJSON is a file as messages show it.
type FileJSON struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size" doc:"Bytes"`
}

// JSON is the file as others see it.
func (f Attachment) JSON() FileJSON {
	return FileJSON{ID: f.ID, Name: f.Name, MediaType: f.Type, Size: f.Size}
}

type uploadInput struct {
	Disposition string `header:"Content-Disposition" required:"true" maxLength:"2048" example:"attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf" doc:"The name of the file; everything in it but letters and digits percent-encoded. One whose ending is not of the media type gets another"`
}

type fileOutput struct{ Body FileJSON }

type downloadInput struct {
	ID     string `path:"id" maxLength:"64"`
	Inline bool   `query:"inline" doc:"An image may be shown by a page where it stands"`
}

// handleUpload keeps the bytes first and their row last: a crash between leaves bytes that a sweep finds,
// and never a file without them.
func (s *Service) handleUpload(ctx context.Context, in *uploadInput, u *api.Upload) (*fileOutput, error) {
	f, err := s.announce(ctx, in.Disposition, u.Type)
	if err != nil {
		return nil, err
	}
	later, err := u.Receive(ctx, func(r io.Reader) error { return s.keep(ctx, &f, r) })
	if err != nil {
		s.discard(ctx, f.Blob)
		return nil, err
	}
	err = s.addAttachment(later, &f)
	if errors.Is(err, errLooseFiles) || errors.Is(err, errDaysFiles) { // of other failures nobody knows whether the row was kept all the same
		s.discard(ctx, f.Blob)
	}
	if err != nil {
		return nil, err
	}
	return &fileOutput{f.JSON()}, nil
}

// discard takes away bytes that belong to nothing. What cannot be taken away now, a sweep finds.
func (s *Service) discard(ctx context.Context, name string) {
	if name == "" {
		return
	}
	if err := s.config.Files.Delete(context.WithoutCancel(ctx), name); err != nil {
		slog.WarnContext(ctx, "a file without an owner was left behind", "blob", name, "cause", err)
	}
}

// announce looks at everything about a file that is known before it is sent.
func (s *Service) announce(ctx context.Context, disposition, kind string) (f Attachment, err error) {
	by := caller.Must(ctx)
	if by.Visit != nil {
		return f, caller.ErrVisitorIsNobody
	}
	f.Uploader, f.Type = by.User, kind
	if f.Name, err = fileName(disposition, kind); err != nil {
		return f, err
	}
	return f, s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := roomOfAll(ctx, tx); err != nil {
			return err
		}
		return room(ctx, tx, by.User, 1)
	})
}

// keep stores the bytes, which must begin as those of their type do.
func (s *Service) keep(ctx context.Context, f *Attachment, r io.Reader) error {
	content := bufio.NewReaderSize(r, headLength)
	head, err := content.Peek(headLength)
	if err != nil && err != io.EOF {
		return err
	}
	if err := checkHead(f.Type, head); err != nil {
		return err
	}
	kept, err := s.config.Files.Put(ctx, caller.Must(ctx).Tenant, content, maxFile)
	f.Blob, f.Size, f.SHA256 = kept.Name, kept.Size, kept.SHA256
	return storeFault(err)
}

// storeFault words what the place of files could not do.
func storeFault(err error) error {
	if errors.Is(err, blob.ErrUnavailable) || errors.Is(err, blob.ErrNotFound) {
		return errFilesAway.Because(err)
	}
	return err
}

func (s *Service) addAttachment(ctx context.Context, f *Attachment) error {
	by := caller.Must(ctx)
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := lockUploader(ctx, tx, by.User); err != nil {
			return err
		}
		if err := room(ctx, tx, by.User, f.Size); err != nil {
			return err
		}
		f.ID, f.CreatedAt = store.NewID(tx.Now), tx.Now
		if err := f.insert(ctx, tx); err != nil {
			return err
		}
		api.Touched(ctx, "file", f.ID)
		return s.config.Audit.Append(ctx, tx)
	})
}

func (s *Service) handleDownload(ctx context.Context, in *downloadInput) (*api.Download, error) {
	by := caller.Must(ctx)
	var f Attachment
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if f, err = findAttachment(ctx, tx, in.ID); err != nil {
			return err
		}
		return f.mayGet(ctx, tx, by)
	})
	if err != nil {
		return nil, err
	}
	content, err := s.config.Files.Open(ctx, f.Blob)
	if err != nil {
		return nil, storeFault(err)
	}
	api.Touched(ctx, "file", f.ID)
	return &api.Download{Name: f.Name, Type: f.Type, Size: f.Size, Inline: in.Inline && fileKinds[f.Type].shown, Body: content}, nil
}

// mayGet lets in the uploader of a loose file, and whoever may read a message that carries it.
func (f *Attachment) mayGet(ctx context.Context, tx *store.Tx, by *caller.Caller) error {
	if f.Conversation == "" {
		if f.Uploader != by.User {
			return fault.ErrNotFound
		}
		return nil
	}
	c, err := findConversation(ctx, tx, f.Conversation)
	if err != nil {
		return err
	}
	r, err := mayRead(by, &c)
	if err != nil {
		return err
	}
	carried, err := f.carried(ctx, tx, r)
	if err == nil && !carried {
		err = fault.ErrNotFound
	}
	return err
}
