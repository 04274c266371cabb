package server_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/usher-desk/usher/internal/server"
)

// The committed documents are those that the program makes: make generate brings them up to date.
func TestDocumentsAreTheProgramsOwn(t *testing.T) {
	for file, write := range map[string]func(io.Writer) error{
		"../../docs/openapi.json": server.WriteOpenAPI,
		"../../docs/errors.md":    server.WriteErrors,
	} {
		committed, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		var made bytes.Buffer
		if err := write(&made); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(committed, made.Bytes()) {
			t.Errorf("%s is not what the program makes; run make generate", file)
		}
	}
}

func TestDescriptionIsValidOpenAPI(t *testing.T) {
	var text bytes.Buffer
	if err := server.WriteOpenAPI(&text); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}
