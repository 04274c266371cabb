package server_test

import (
	"database/sql"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// A column that holds something sealed is called so, and its table is one that a rotation knows.
func TestEverySealedColumnIsKnown(t *testing.T) {
	db, err := sql.Open("sqlite", storetest.SQLiteFile(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `
		SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name LIKE '%seal%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if column != "sealed" {
			t.Errorf("%s.%s: a sealed column is called sealed", table, column)
		}
		found = append(found, table)
	}
	slices.Sort(found)
	if diff := cmp.Diff(slices.Sorted(slices.Values(server.SealedTables())), found); diff != "" || rows.Err() != nil {
		t.Errorf("a table with a sealed column belongs into sealedTables: %v %s", rows.Err(), diff)
	}
}

// sealers are the files that seal something, with the tables it goes to.
var sealers = []string{
	"internal/identity/second_factor.go", "internal/identity/second_factor_enrol.go", "internal/session/keyring_load.go",
}

// Whoever seals something for the first time reads here what it asks of them.
func TestWhoSealsIsKnown(t *testing.T) {
	var found []string
	for _, pattern := range []string{"../*/*.go", "../../cmd/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") && filepath.Base(filepath.Dir(path)) != "seal" && seals(t, path) {
				found = append(found, strings.TrimPrefix(filepath.ToSlash(filepath.Join("internal/server", path)), "./"))
			}
		}
	}
	if diff := cmp.Diff(sealers, found); diff != "" {
		t.Errorf("what is sealed lies in a column called sealed, of a table in sealedTables (internal/server/sealed.go): %s", diff)
	}
}

// seals looks for calls of Seal.
func seals(t *testing.T, path string) (found bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", path, err))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			method, _ := call.Fun.(*ast.SelectorExpr)
			found = found || method != nil && method.Sel.Name == "Seal"
		}
		return true
	})
	return found
}
