// Package console serves the pages: the console at / and the employee page at /h5. They are built from
// web/ and embedded, so that the program needs neither Node nor a folder beside it.
package console

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
)

//go:embed dist
var built embed.FS

// program is one of the two: what it was built into, and the addresses that belong to it.
type program struct {
	folder string // in dist
	assets string // where its scripts and styles lie
	pages  []string
}

// programs list every address of a page. The page decides what it shows there. Only what stands here is answered
// with a page: everything else stays what it is, and a mistyped address of the API is no page.
var programs = []program{
	{folder: "console", assets: "/assets/", pages: []string{
		"/t/{tenant}", "/sign-in", "/link", "/setup",
		"/desk", "/desk/{conversation}", "/board", "/reports",
		"/users", "/users/{user}", "/departments", "/departments/{department}", "/import",
		"/agents", "/agents/{agent}", "/skills", "/replies", "/tags",
		"/roles", "/roles/{role}", "/exclusions", "/exclusions/{exclusion}", "/access",
		"/audit", "/sign-ins", "/security", "/settings", "/me",
		"/platform", "/platform/{tenant}",
	}},
	{folder: "h5", assets: "/h5/assets/", pages: []string{"/h5", "/h5/{rest...}"}},
}

// Config is what the pages need.
type Config struct {
	URL     string       // the public address, which they may call and nothing else
	Welcome http.Handler // answers at / whoever is no browser
}

// Routes registers the pages and what they load. It panics when they have not been built.
func Routes(a *api.API, c Config) {
	for _, p := range programs {
		page := mustRead("dist/" + p.folder + "/index.html")
		served := &pageHandler{text: page, policy: policyFor(c.URL)}
		for _, path := range p.pages {
			a.Handle("GET "+path, served)
		}
		if p.folder == "console" {
			a.Handle("GET /{$}", orElse(served, c.Welcome))
		}
		a.Handle("GET "+p.assets+"{name}", assetsIn("dist/"+p.folder+"/assets"))
	}
}

// orElse gives people the page and programs, which do not ask for one, another answer.
func orElse(page, other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if navigates(r) {
			page.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Vary", "Accept")
		other.ServeHTTP(w, r)
	})
}

func mustRead(name string) []byte {
	text, err := fs.ReadFile(built, name)
	if err != nil {
		panic("console: the pages are not built, make web does it: " + err.Error())
	}
	return text
}
