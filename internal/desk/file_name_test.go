package desk

import (
	"mime"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestNamesOfFiles(t *testing.T) {
	for _, c := range []struct{ kind, disposition, want string }{
		{"image/png", `attachment; filename="screen.png"`, "screen.png"},
		{"image/png", `attachment; filename=screen.PNG`, "screen.PNG"},
		{"image/png", `attachment; filename*=UTF-8''%E6%88%AA%E5%9B%BE%201.png`, "截图 1.png"},
		{"image/jpeg", `form-data; name="file"; filename="a.jpeg"`, "a.jpeg"},
		{"text/plain", `attachment; filename="C:\\fakepath\\hosts"`, "hosts.txt"},
		{"text/plain", `attachment; filename="../../etc/passwd"`, "passwd.txt"},
		{"text/plain", `attachment; filename*=UTF-8''%2e%2e%2f%2e%2e`, ""},
		{"text/plain", `attachment; filename="page.html"`, "page.html.txt"},
		{"text/plain", `attachment; filename="run.log"`, "run.log"},
		{"application/zip", `attachment; filename=".bashrc"`, "bashrc.zip"},
		{"application/zip", `attachment; filename=".zip"`, "zip.zip"},
		{"application/zip", `attachment; filename=" a.zip. "`, "a.zip"},
		{"text/csv", `attachment; filename="` + strings.Repeat("x", 196) + `.csv"`, strings.Repeat("x", 196) + ".csv"},
		{"text/csv", `attachment; filename="` + strings.Repeat("x", 197) + `.csv"`, ""},
		{"text/csv", `attachment; filename*=UTF-8''a%E2%80%AEvsc.exe`, ""},
		{"text/csv", `attachment; filename*=UTF-8''a%00b.csv`, ""},
		{"text/csv", `attachment; filename*=UTF-8''%E3%85%A4`, ""},
		{"text/csv", `attachment; filename*=UTF-8''%ff.csv`, ""},
		{"text/csv", `attachment; filename=""`, ""},
		{"text/csv", `attachment; filename="..."`, ""},
		{"text/csv", `attachment`, ""},
		{"text/csv", ``, ""},
	} {
		got, err := fileName(c.disposition, c.kind)
		if err != nil {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s of %s is called %q, want %q (%v)", c.disposition, c.kind, got, c.want, err)
		}
	}
}

// Whatever a stranger sends for a name, it is one file of the sender's type in no other folder.
func FuzzFileName(f *testing.F) {
	f.Add(`attachment; filename*=UTF-8''%e6%88%aa.png`)
	f.Add(`attachment; filename="a\\b/c.exe"`)
	f.Add("attachment; filename*0=\"a\u202e\"; filename*1=.png")
	f.Fuzz(func(t *testing.T, disposition string) {
		for kind, k := range fileKinds {
			name, err := fileName(disposition, kind)
			if err != nil {
				continue
			}
			odd := func(r rune) bool {
				return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '/' || r == '\\'
			}
			fits := func(ending string) bool {
				return strings.HasSuffix(strings.ToLower(name), ending) && len(name) > len(ending)
			}
			if strings.ContainsFunc(name, odd) || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxFileName ||
				strings.HasPrefix(name, ".") || !slices.ContainsFunc(k.endings, fits) {
				t.Errorf("%q of %s is called %q", disposition, kind, name)
			}
			if again, err := fileName(mime.FormatMediaType("attachment", map[string]string{"filename": name}), kind); err != nil || again != name {
				t.Errorf("%q is called %q when it is sent on: %v", name, again, err)
			}
		}
	})
}
