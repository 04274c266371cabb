package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/seal"
)

// WriteOpenAPI writes docs/openapi.json: the description of every operation, one member a line. It
// needs no database, as operations are only registered.
func WriteOpenAPI(w io.Writer) error {
	key, err := seal.NewKey(make([]byte, seal.KeySize)) // signs and seals nothing
	if err != nil {
		return err
	}
	s, err := New(context.Background(), Config{Master: key, URL: "http://127.0.0.1:8080"})
	if err != nil {
		return err
	}
	text, err := s.API.OpenAPI()
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, text, "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	_, err = pretty.WriteTo(w)
	return err
}

// openAPI serves the description of the running program, which is made once, when first asked for.
func (s *Server) openAPI() http.Handler {
	made := sync.OnceValues(s.API.OpenAPI)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		text, err := made()
		if err != nil {
			http.Error(w, "the description could not be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text) // a reader that left hears nothing
	})
}

// WriteErrors writes docs/errors.md: every code that the program can answer with.
func WriteErrors(w io.Writer) error {
	_, err := fmt.Fprint(w, "# Error codes\n\nMade by `usher errors`; a test compares it with the program.\n\n"+
		"Every refusal is a problem document (RFC 9457) whose `code` is one of these and never changes its meaning. "+
		"`title` is the sentence below in the language of `Accept-Language`, `detail` says what was refused here, "+
		"`errors` lists each place in the request that is at fault, `request` is the id of the call in the trail and, for `internal` and `unavailable`, in the server's log.\n")
	for _, c := range fault.All() {
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "\n## %s\n\n%d · %s · %s\n\n%s\n", c.Name, api.Status(c.Kind), c.EN, c.ZH, c.Help)
	}
	return err
}

// errorsPage is where the type of every problem points.
func errorsPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	_ = WriteErrors(w) // a reader that left hears nothing
}
