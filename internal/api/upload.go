package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
)

// Upload is the body of a call that brings a file instead of JSON. It is not taken in beforehand: the
// handler decides whether it wants it at all, and where it goes.
type Upload struct {
	Type string // the media type that the call claims, one of those that the operation takes

	api     *API
	call    *Call
	request *http.Request
	control *http.ResponseController
}

// RegisterUpload adds an operation whose body is a file of one of these media types, which may have
// parameters of no other kind than charset=utf-8. Some of them are types that a page of another site can
// send without asking first, so that the door looks at Origin, which browsers send then.
func RegisterUpload[I, O any](a *API, op Operation, types []string, handler func(context.Context, *I, *Upload) (*O, error)) {
	op.SameOrigin, op.takes = true, types
	Register(a, op, func(ctx context.Context, in *I) (*O, error) { return handler(ctx, in, CallFrom(ctx).upload) })
}

// newUpload looks at what is said of the body, before any of it is read.
func (a *API) newUpload(call *Call, r *http.Request, control *http.ResponseController) (*Upload, error) {
	kind, ok := declaredType(r.Header)
	switch {
	case !ok || !slices.Contains(call.Operation.takes, kind):
		return nil, errFileType.With("Content-Type must be one of %s", strings.Join(call.Operation.takes, ", "))
	case r.ContentLength > call.Operation.Limit.Body:
		return nil, errLongFile(call.Operation)
	}
	return &Upload{Type: kind, api: a, call: call, request: r, control: control}, nil
}

// errLongFile says how long it may be: each operation has a limit of its own.
func errLongFile(op *Operation) error {
	return fault.ErrTooLarge.With("at most %d bytes", op.Limit.Body)
}

// Receive hands the body to take, which must read it to its end, for no longer than the operation's
// limit says. Errors of the reader are faults. It returns the context with the caller as they are by
// then: who is thrown out meanwhile must not finish what they have begun to send. It is called once.
func (u *Upload) Receive(ctx context.Context, take func(io.Reader) error) (context.Context, error) {
	if !u.api.uploads.begin(u.call.Caller) {
		return nil, fault.ErrTooMany.After(retryUpload)
	}
	defer u.api.uploads.end(u.call.Caller)
	_ = u.control.SetReadDeadline(time.Now().Add(u.call.Operation.Limit.Read))
	body := &uploadBody{r: u.request.Body, api: u.api, op: u.call.Operation, left: u.call.Operation.Limit.Body}
	err := take(body)
	_ = u.control.SetReadDeadline(time.Now().Add(Small.Read)) // for what nobody wants any more
	switch {
	case err != nil:
		return nil, err
	case !body.ended:
		return nil, errors.New("api: a file was not read to its end")
	}
	_ = u.control.SetReadDeadline(time.Time{})
	if err := u.api.room(u.call.Operation); err != nil { // what is made of the body takes room again
		return nil, err
	}
	return u.api.authenticate(ctx, u.call, u.request.Header)
}

// uploadBody bounds the body and words what goes wrong with it. It breaks off when there is no room any more: whoever
// sends much at once was let in while there was.
type uploadBody struct {
	r     io.Reader
	api   *API
	op    *Operation
	left  int64 // bytes within the limit
	ended bool
}

func (b *uploadBody) Read(p []byte) (int, error) {
	if err := b.api.room(b.op); err != nil {
		return 0, err
	}
	p = p[:min(int64(len(p)), b.left+1)] // one more than may be, to see whether there is one
	n, err := b.r.Read(p)
	switch b.left -= int64(n); {
	case b.left < 0:
		return 0, errLongFile(b.op)
	case err == io.EOF:
		b.ended = true
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = errSlowBody
	case err != nil:
		err = fault.ErrInvalid.At("body", "broke off before its end")
	}
	return n, err
}

// declaredType is the media type that the header says, of a body that is neither compressed nor text of
// another encoding than UTF-8.
func declaredType(h http.Header) (string, bool) {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, named := parameters["charset"]
	return kind, err == nil && (!named || strings.EqualFold(charset, "utf-8")) && h.Get("Content-Encoding") == ""
}

// describedUpload is the body in the API description.
func (o *Operation) describedUpload() *huma.RequestBody {
	if o.takes == nil {
		return nil
	}
	content := map[string]*huma.MediaType{}
	for _, kind := range o.takes {
		content[kind] = &huma.MediaType{}
		if kind != "application/json" { // whose schema would have huma take the body in
			content[kind].Schema = &huma.Schema{Type: "string", Format: "binary"}
		}
	}
	return &huma.RequestBody{Required: true, Content: content}
}
