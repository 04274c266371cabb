package server_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// benchPreview asks what an edit of a role would do, two pages of it, and then makes the edit, which is held to the
// digest of the preview. All of it is over HTTP, with its records.
func (f *bigFirm) benchPreview(b *testing.B, role string) {
	f.callerOf(b, f.root) // the policy is known: everybody's was asked for before
	root := f.root.SignIn()
	path := "/v1/roles/" + role
	var first, second, edits []time.Duration
	var page struct {
		Digest, Next string
		People       int
	}
	for i := 0; b.Loop(); i++ {
		edit := object{"permissions": [][]string{{"tag:read"}, {"tag:read", "tag:update"}}[i%2]}
		page.Next = ""
		version := root.Do("GET", path, nil).Expect(200).ETag()
		first = append(first, f.ask(b, root, "POST", path+"/preview?limit=50", object{"edit": edit}, &page))
		if page.Next != "" {
			second = append(second, f.ask(b, root, "POST", path+"/preview?limit=50&cursor="+page.Next, object{"edit": edit}, &page))
		}
		edits = append(edits, f.ask(b, root, "PATCH", path, edit, nil, "If-Match", version, "If-Preview", `"`+page.Digest+`"`))
	}
	b.ReportMetric(float64(page.People), "people")
	report(b, first, "preview")
	if len(second) > 0 {
		report(b, second, "next-page")
	}
	report(b, edits, "edit")
}

// benchWhoCan asks who can do what everybody can, and what one person can, page by page.
func (f *bigFirm) benchWhoCan(b *testing.B) {
	for name, action := range map[string]string{"everybody": "create", "few": "delete"} {
		b.Run(name, func(b *testing.B) {
			f.callerOf(b, f.root)
			root := f.root.SignIn()
			var pages []time.Duration
			var page struct{ Next string }
			for b.Loop() {
				path := "/v1/access/who-can?limit=50"
				if page.Next != "" {
					path += "&cursor=" + page.Next
				}
				page.Next = ""
				question := object{"action": action, "object": object{"resource": "conversation", "owners": []string{f.root.ID}}}
				pages = append(pages, f.ask(b, root, "POST", path, question, &page))
			}
			report(b, pages, "page")
		})
	}
}

func report(b *testing.B, times []time.Duration, what string) {
	b.ReportMetric(quantile(times, 0.5), what+"-p50-ms")
	b.ReportMetric(quantile(times, 0.95), what+"-p95-ms")
}

// ask returns how long an answer took, and decodes it.
func (f *bigFirm) ask(b *testing.B, client *servertest.Client, method, path string, body any, into any, headers ...string) time.Duration {
	b.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(string(text)))
	r.Header.Set("Authorization", "Bearer "+client.Token)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	began := time.Now()
	f.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code != 200 {
		b.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			b.Fatal(err)
		}
	}
	return took
}
