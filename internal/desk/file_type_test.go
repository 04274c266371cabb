package desk

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// What files begin with.
const (
	pngHead  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	jpegHead = "\xff\xd8\xff\xe0\x00\x10JFIF"
	gifHead  = "GIF89a\x01\x00"
	webpHead = "RIFF\x24\x00\x00\x00WEBPVP8 "
	pdfHead  = "%PDF-1.7\n"
	zipHead  = "PK\x03\x04\x14\x00"
)

func TestContentIsThatOfItsType(t *testing.T) {
	heads := map[string][]string{
		pngHead:  {"image/png"},
		jpegHead: {"image/jpeg"},
		gifHead:  {"image/gif"},
		webpHead: {"image/webp"},
		pdfHead:  {"application/pdf"},
		zipHead: {"application/zip", "application/x-zip-compressed", office + "wordprocessingml.document",
			office + "spreadsheetml.sheet", office + "presentationml.presentation"},
		"<14>Jan 1 00:00:00 host sshd":  {"text/plain", "text/csv", "text/x-log"},
		"\ufeff编号,名称\n1,打印机":            {"text/plain", "text/csv", "text/x-log"},
		"\xb1\xe0\xba\xc5,\xc3\xfb\xb3": {"text/plain", "text/csv", "text/x-log"}, // GBK, as spreadsheets write it
		"a < b":                         {"text/plain", "text/csv", "text/x-log"},
		"":                              nil,
		" \n\t":                         nil,
		"<":                             nil,
		"MZ\x90\x00\x03\x00\x00\x00":    nil,
		"\x7fELF\x02\x01\x01\x00":       nil,
		"\xff\xfe<\x00h\x00":            nil, // UTF-16
		"<!DOCTYPE html><html>":         nil,
		"<script>alert(1)</script>":     nil,
		"\n\n <svg xmlns='…'>":          nil,
		"\ufeff<svg>":                   nil,
		"<SVG onload=alert(1)>":         nil,
		"<?xml version='1.0'?>":         nil,
		"<!-- -->":                      nil,
		"</a>":                          nil,
		"<img src=x onerror=alert(1)>":  nil,
		strings.Repeat(" ", headLength): nil, // and markup behind
		"{\\rtf1":                       {"text/plain", "text/csv", "text/x-log"},
	}
	for head, kinds := range heads {
		for kind := range fileKinds {
			err := checkHead(kind, []byte(head))
			taken := false
			for _, k := range kinds {
				taken = taken || k == kind
			}
			if taken != (err == nil) || err != nil && !errors.Is(err, errNotThatType) {
				t.Errorf("%q as %s: %v", head, kind, err)
			}
		}
	}
}

// Whatever a stranger sends, what is taken is of one type and no markup, and only images are shown.
func FuzzContent(f *testing.F) {
	for _, head := range []string{pngHead, jpegHead, gifHead, webpHead, pdfHead, zipHead, "text", "<html>", "\ufeff <svg>", "\xff\xfe<\x00"} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		found := http.DetectContentType(head)
		for kind, k := range fileKinds {
			if checkHead(kind, head) != nil {
				continue
			}
			if found != k.sniffed || strings.Contains(found, "html") || strings.Contains(found, "xml") {
				t.Errorf("%q is taken as %s and looks like %s", head, kind, found)
			}
			if k.shown && !strings.HasPrefix(kind, "image/") {
				t.Errorf("%s is shown", kind)
			}
			text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff"))))
			for _, begin := range []string{"<!", "<?", "<svg", "<html", "<script", "<a", "<math"} {
				if bytes.HasPrefix(text, []byte(begin)) {
					t.Errorf("%q is taken as %s", head, kind)
				}
			}
		}
	})
}
