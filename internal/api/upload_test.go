package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store/storetest"
)

type uploadInput struct {
	Refuse bool `query:"refuse"`
}

type uploadOutput struct {
	Body struct{ Type, Text, Caller string }
}

const pictureLimit = 3000

// takePictures adds an operation that takes files, to an office that nobody has asked anything yet.
func takePictures(o *office, read time.Duration) {
	api.RegisterUpload(o.api, api.Operation{
		ID: "picture-create", Method: http.MethodPost, Path: "/v1/pictures", Summary: "Send a picture",
		Access: api.Needs("department:create"), Tenant: api.OfCaller, Event: "picture.create", Status: http.StatusCreated,
		Limit: api.Limit{Body: pictureLimit, Read: read, Class: api.Ordinary.Class},
	}, []string{"image/png", "text/plain"}, func(ctx context.Context, in *uploadInput, u *api.Upload) (*uploadOutput, error) {
		if in.Refuse {
			return nil, errWrong
		}
		out := &uploadOutput{}
		ctx, err := u.Receive(ctx, func(r io.Reader) error {
			text, err := io.ReadAll(r)
			out.Body.Text = string(text)
			return err
		})
		if err != nil {
			return nil, err
		}
		out.Body.Type, out.Body.Caller = u.Type, caller.Must(ctx).User
		return out, nil
	})
}

func openStudio(t *testing.T) *office {
	o := openOffice(t)
	takePictures(o, time.Minute)
	return o
}

func TestAFileIsTakenAsItIs(t *testing.T) {
	o := openStudio(t)
	for _, kind := range []string{"image/png", "text/plain", "text/plain; charset=utf-8", "Text/Plain;charset=UTF-8"} {
		a := o.do(chief, "POST", "/v1/pictures", "\x00\xff{", "Content-Type", kind).ok(201)
		if a.field("Type") != strings.ToLower(strings.Split(kind, ";")[0]) || a.field("Caller") != chief {
			t.Errorf("%s: %s", kind, a.Body)
		}
	}
	whole := strings.Repeat("x", pictureLimit)
	if got := o.do(chief, "POST", "/v1/pictures", whole, "Content-Type", "image/png").ok(201).field("Text"); got != whole {
		t.Errorf("%d bytes arrived of %d", len(got), len(whole))
	}
}

func TestAFileIsBounded(t *testing.T) {
	o := openStudio(t)
	o.do(chief, "POST", "/v1/pictures", strings.Repeat("x", pictureLimit+1), "Content-Type", "image/png").ok(413).problem(413, "too_large")
	for size, status := range map[int]int{pictureLimit: 201, pictureLimit + 1: 413, 50 * pictureLimit: 413} { // of unknown length
		r, err := http.NewRequestWithContext(t.Context(), "POST", o.URL+"/v1/pictures", io.MultiReader(bytes.NewReader(make([]byte, size))))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "image/png")
		r.Header.Set("Authorization", "Bearer "+chief)
		o.send(r).ok(status)
	}
}

// Neither what the operation does not take, nor what a page of another site sends without asking.
func TestAFileOfAnotherKindIsRefused(t *testing.T) {
	o := openStudio(t)
	for _, bad := range []string{
		"", "image/jpeg", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/png, text/plain",
		"text/plain; charset=gbk", "text/plain;;", "text/html", "\xff",
	} {
		o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", bad).ok(415).problem(415, "unsupported_file_type")
	}
	o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", "text/plain", "Content-Encoding", "gzip").ok(415).problem(415, "unsupported_file_type")
	for _, origin := range []string{"https://elsewhere.example", "null"} {
		o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", "text/plain", "Origin", origin).ok(403).problem(403, "foreign_origin")
	}
	o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", "text/plain", "Origin", o.URL).ok(201)
	o.do(reader, "POST", "/v1/pictures", "x", "Content-Type", "text/plain").ok(403).problem(403, "no_permission")
	// An operation that takes JSON takes no files because another one does.
	o.do(chief, "POST", "/v1/departments", "x", "Content-Type", "image/png").ok(415).problem(415, "unsupported_media_type")
}

// picture is a request for a file up to its body.
func picture(token, path string, length int) string {
	return strings.Replace(head("POST", path, token, fmt.Sprintf("Content-Length: %d", length)), "application/json", "image/png", 1)
}

func TestASlowFileIsNotWaitedFor(t *testing.T) {
	o := openOffice(t)
	takePictures(o, 50*time.Millisecond)
	l := o.dial(t)
	l.write(picture(chief, "/v1/pictures", 10) + "half")
	l.answer("POST").ok(408).problem(408, "slow_body")
}

func TestAFileThatBreaksOffIsARefusal(t *testing.T) {
	l := openStudio(t).dial(t)
	l.write(strings.Replace(picture(chief, "/v1/pictures", 0), "Content-Length: 0", "Transfer-Encoding: chunked", 1) + "2\r\nxxgarbage\r\n0\r\n\r\n")
	p := l.answer("POST").ok(422).problem(422, "invalid_request")
	if len(p.Errors) != 1 || p.Errors[0].Message != "broke off before its end" {
		t.Errorf("places %+v", p.Errors)
	}
}

// Who is refused before the file is looked at does not hold a connection for as long as a file may take.
func TestAFileOfARefusedCallIsNotWaitedFor(t *testing.T) {
	t.Parallel() // it takes as long as strangers are given
	for name, refused := range map[string]struct{ token, path, code string }{
		"a stranger":  {stale, "/v1/pictures", "api_test_expired"},
		"the handler": {chief, "/v1/pictures?refuse=true", "api_test_wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openStudio(t).dial(t)
			l.write(picture(refused.token, refused.path, pictureLimit) + "half")
			l.answer("POST").problem(401, refused.code)
			if _, err := l.answers.ReadByte(); err == nil {
				t.Error("the connection goes on in the middle of a body")
			}
		})
	}
}

// The time for sending a file is not the time for the work.
func TestWorkGoesOnAfterAFile(t *testing.T) {
	o := openOffice(t)
	api.RegisterUpload(o.api, api.Operation{
		ID: "picture-develop", Method: http.MethodPost, Path: "/v1/pictures", Summary: "Send a picture",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "picture.create",
		Limit: api.Limit{Body: 64, Read: lingering / 4, Class: api.Ordinary.Class},
	}, []string{"image/png"}, func(ctx context.Context, in *struct{}, u *api.Upload) (*anythingOutput, error) {
		ctx, err := u.Receive(ctx, func(r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		})
		if err != nil {
			return nil, err
		}
		return linger(ctx, in)
	})
	o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", "image/png").ok(200)
}

// Who is thrown out while they send does not finish.
func TestWhoIsThrownOutSendsNoFile(t *testing.T) {
	o := &office{t: t, db: storetest.SQLite(t)}
	var asked atomic.Int64
	o.serve(func(ctx context.Context, token string) (*caller.Caller, error) {
		if asked.Add(1) > 1 {
			return nil, errExpired
		}
		return authenticate(ctx, token)
	})
	takePictures(o, time.Minute)
	o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", "image/png").ok(401).problem(401, "api_test_expired")
}

// A handler that leaves a part unread is wrong, and nothing is taken.
func TestAFileIsReadToItsEnd(t *testing.T) {
	o := openOffice(t)
	api.RegisterUpload(o.api, api.Operation{
		ID: "picture-ignore", Method: http.MethodPost, Path: "/v1/pictures", Summary: "Send a picture",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "picture.create", Limit: api.OfFile(100),
	}, []string{"image/png"}, func(ctx context.Context, _ *struct{}, u *api.Upload) (*anythingOutput, error) {
		_, err := u.Receive(ctx, func(io.Reader) error { return nil })
		if err == nil {
			t.Error("a file that was not read counts as received")
			err = errors.New("received")
		}
		return nil, err
	})
	o.do(chief, "POST", "/v1/pictures", "x", "Content-Type", "image/png").ok(500)
}

// Strangers send no files.
func TestNoFilesOfStrangers(t *testing.T) {
	o := openOffice(t)
	defer func() {
		if recover() == nil {
			t.Error("it registers")
		}
	}()
	api.RegisterUpload(o.api, api.Operation{
		ID: "picture-anyone", Method: http.MethodPost, Path: "/v1/pictures", Summary: "Send a picture",
		Access: api.Anyone("it is a test"), Tenant: api.Named, Event: "picture.create", Limit: api.OfFile(1 << 20),
	}, []string{"image/png"}, func(context.Context, *struct{}, *api.Upload) (*anythingOutput, error) { return nil, nil })
}
