package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Download is a file that is answered as it is. It is not held in memory: the record of the call is kept
// first, and then the bytes leave as they are read.
type Download struct {
	Name   string // that the file is to have where it is saved
	Type   string // its media type
	Size   int64  // bytes; when Body has fewer, the answer breaks off
	Inline bool   // a page may show it; otherwise it is there to be saved
	Next   string // the address of the file that goes on where this one ends; empty when nothing follows
	Body   io.ReadCloser
}

// RegisterDownload adds an operation that answers with a file. Whatever somebody has put into it, a
// browser does not run it: it takes the type that is stated for true, treats it as a page of no site and
// lets no other site's page have it.
func RegisterDownload[I any](a *API, op Operation, handler func(context.Context, *I) (*Download, error)) {
	op.sends = true
	Register(a, op, func(ctx context.Context, in *I) (*struct{}, error) {
		d, err := handler(ctx, in)
		CallFrom(ctx).download = d
		return nil, err
	})
}

// describedDownload is the answer in the API description.
func (o *Operation) describedDownload() map[string]*huma.Response {
	if !o.sends {
		return nil
	}
	return map[string]*huma.Response{strconv.Itoa(o.Status): {
		Description: "The file, with its own media type", Content: map[string]*huma.MediaType{"*/*": {}},
	}}
}

// downloaded sends the file that the call has opened, if any. It returns false when there is something to
// be answered instead.
func (c *Call) downloaded(answer *heldAnswer, control *http.ResponseController) bool {
	if c.download == nil {
		return false
	}
	defer c.download.Body.Close()
	if answer.status != c.Operation.Status {
		return false
	}
	_ = control.SetWriteDeadline(time.Now().Add(writeTime + transfer(c.download.Size)))
	c.download.describe(answer.header)
	w := answer.lend()
	w.WriteHeader(answer.status)
	// A caller that went away has nothing to be told. One who gets fewer bytes than Content-Length says,
	// sees the connection end.
	_, _ = io.CopyN(w, c.download.Body, c.download.Size)
	return true
}

// slowestLine is what a client must be able to take or send, in bytes a second.
const slowestLine = 64 << 10

// transfer is how long so many bytes take at most.
func transfer(size int64) time.Duration { return time.Duration(size/slowestLine) * time.Second }

func (d *Download) describe(h http.Header) {
	disposition := "attachment"
	if d.Inline {
		disposition = "inline"
	}
	h.Set("Content-Type", d.Type)
	h.Set("Content-Length", strconv.FormatInt(d.Size, 10))
	h.Set("Content-Disposition", disposition+named(d.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if d.Next != "" {
		h.Set("Link", "<"+d.Next+`>; rel="next"`) // RFC 8288
	}
}

// named are the parameters that say a name (RFC 6266, section 4.3): in letters that every reader knows,
// and as it is (RFC 8187, section 3.2).
func named(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) { // % too: some readers decode it
			return '_'
		}
		return r
	}, name)
	var exact strings.Builder
	for _, b := range []byte(name) {
		if isAttrChar(b) {
			exact.WriteByte(b)
		} else {
			fmt.Fprintf(&exact, "%%%02X", b)
		}
	}
	return `; filename="` + plain + `"; filename*=UTF-8''` + exact.String()
}

// isAttrChar is attr-char of RFC 8187, section 3.2.1.
func isAttrChar(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || strings.IndexByte("!#$&+-.^_`|~", b) >= 0
}
