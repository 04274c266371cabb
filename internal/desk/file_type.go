package desk

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// fileKind is what a media type that is taken means.
type fileKind struct {
	sniffed string   // what the content must look like (WHATWG MIME Sniffing, sections 6 and 7)
	shown   bool     // a page may show it where it stands
	endings []string // of names; others get the first
}

// What text and the archives in which offices pack their documents look like. What is in an archive is not
// looked at: somebody who opens one knows that it may hold anything.
const (
	sniffedText    = "text/plain; charset=utf-8" // of an encoding that nobody checks, if it is not UTF-16
	sniffedArchive = "application/zip"
)

const office = "application/vnd.openxmlformats-officedocument."

// fileKinds are what may be sent. None of them is run by a browser that is given it with its type, or by
// a desktop that goes by its ending.
var fileKinds = map[string]fileKind{
	"image/png":                            {"image/png", true, []string{".png"}},
	"image/jpeg":                           {"image/jpeg", true, []string{".jpg", ".jpeg"}},
	"image/gif":                            {"image/gif", true, []string{".gif"}},
	"image/webp":                           {"image/webp", true, []string{".webp"}},
	"application/pdf":                      {"application/pdf", false, []string{".pdf"}},
	"text/plain":                           {sniffedText, false, []string{".txt", ".log", ".md"}},
	"text/x-log":                           {sniffedText, false, []string{".log"}},
	"text/csv":                             {sniffedText, false, []string{".csv"}},
	"application/zip":                      {sniffedArchive, false, []string{".zip"}},
	"application/x-zip-compressed":         {sniffedArchive, false, []string{".zip"}}, // what browsers on Windows say
	office + "wordprocessingml.document":   {sniffedArchive, false, []string{".docx"}},
	office + "spreadsheetml.sheet":         {sniffedArchive, false, []string{".xlsx"}},
	office + "presentationml.presentation": {sniffedArchive, false, []string{".pptx"}},
}

// fileTypes are the media types of fileKinds.
func fileTypes() []string { return slices.Sorted(maps.Keys(fileKinds)) }

// headLength is how much of a file is looked at, in bytes.
const headLength = 4096

// checkHead compares how a file begins with what it is said to be. Text that begins as markup does is none:
// somewhere somebody would open it as a page.
func checkHead(kind string, head []byte) error {
	k := fileKinds[kind]
	found := http.DetectContentType(head)
	switch {
	case len(head) == 0:
		return errNotThatType.With("it is empty")
	case found != k.sniffed:
		return errNotThatType.With("it looks like %s", found)
	case k.sniffed == sniffedText && beginsAsMarkup(head):
		return errNotThatType.With("it looks like markup")
	}
	return nil
}

// beginsAsMarkup errs on the safe side: what has nothing but space where one looks may hold anything behind.
func beginsAsMarkup(head []byte) bool {
	text := strings.TrimSpace(string(bytes.TrimPrefix(head, []byte("\ufeff"))))
	if len(text) < 2 || text[0] != '<' {
		return text == "" || text == "<"
	}
	letter := text[1] | 0x20 // in lower case
	return 'a' <= letter && letter <= 'z' || strings.IndexByte("!?/", text[1]) >= 0
}
