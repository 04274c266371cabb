package console

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// asset is a file that never changes: its name holds a hash of what is in it.
type asset struct {
	text   []byte
	media  string
	zipped func() []byte // made when first asked for; nil where zipping gains nothing
}

// assetsIn serves the files of a folder.
func assetsIn(folder string) http.Handler {
	entries, err := fs.ReadDir(built, folder)
	if err != nil {
		panic("console: the pages are not built, make web does it: " + err.Error())
	}
	found := map[string]*asset{}
	for _, e := range entries {
		found[e.Name()] = newAsset(e.Name(), mustRead(folder+"/"+e.Name()))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := found[r.PathValue("name")]; a != nil {
			a.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

// mediaTypes does not leave to the machine's own list what scripts are called.
var mediaTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
}

func newAsset(name string, text []byte) *asset {
	a := &asset{text: text, media: mediaTypes[path.Ext(name)]}
	if a.media == "" {
		a.media = mime.TypeByExtension(path.Ext(name))
		return a
	}
	a.zipped = sync.OnceValue(func() []byte { return zip(text) })
	return a
}

func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.media)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	text := a.text
	if a.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Values("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			text = a.zipped()
		}
	}
	_, _ = w.Write(text) // a reader that left hears nothing
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip is listed, and not with a weight of zero.
func takesGzip(accepted []string) bool {
	for offer := range strings.SplitSeq(strings.Join(accepted, ","), ",") {
		coding, parameters, _ := strings.Cut(offer, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !ok || err != nil || q > 0
	}
	return false
}

// zip compresses a text as small as it gets. Writing to memory does not fail.
func zip(text []byte) []byte {
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(text)
	_ = w.Close()
	return small.Bytes()
}
