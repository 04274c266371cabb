package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/usher-desk/usher/"

// order is the architecture: a package imports only what stands above it. A package
// joins the list when it is born. What to do when something above needs something
// below stands in CONTRIBUTING.md.
var order = []string{
	"access",
	"access/world",
	"internal/vectors",
	"internal/testserver",
	"trail",
	"internal/fault",
	"internal/chore",
	"internal/turn",
	"internal/durable",
	"internal/seal",
	"internal/blob",
	"internal/store",
	"internal/store/storetest",
	"internal/calendar",
	"internal/backup",
	"internal/cluster",
	"internal/cluster/clustertest",
	"internal/caller",
	"internal/api",
	"internal/audit",
	"internal/tenant",
	"internal/policy",
	"internal/accesstest",
	"internal/identity",
	"internal/session",
	"internal/exchange",
	"internal/platform",
	"internal/realtime",
	"internal/realtime/client",
	"internal/desk",
	"internal/console",
	"internal/server",
	"internal/server/servertest",
	"internal/virtualdesk",
	"cmd/usher",
}

// forTests may be imported by every test, wherever it stands.
var forTests = []string{"internal/vectors", "internal/testserver", "access/world", "internal/store/storetest", "internal/cluster/clustertest",
	"internal/server/servertest"}

func TestImportsPointUpTheOrder(t *testing.T) {
	packages := ourPackages(t)
	for name, p := range packages {
		if !slices.Contains(order, name) {
			t.Errorf("%s has no place in the order: put it below everything it imports", name)
			continue
		}
		for _, imported := range p.Imports {
			checkImport(t, name, imported)
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			// A test in package name_test imports the package that it tests.
			above := strings.TrimPrefix(imported, module)
			if above != name && !slices.Contains(forTests, above) {
				checkImport(t, name, imported)
			}
		}
	}
	for _, name := range order {
		if _, ok := packages[name]; !ok {
			t.Errorf("%s stands in the order and there is no such package", name)
		}
	}
}

// checkImport fails when the imported package is ours and does not stand above.
func checkImport(t *testing.T, name, imported string) {
	t.Helper()
	above, ours := strings.CutPrefix(imported, module)
	if ours && slices.Index(order, above) >= slices.Index(order, name) {
		t.Errorf("%s imports %s, which does not stand above it in the order", name, above)
	}
}

type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// ourPackages asks go list for every package of the module, by name below the module.
func ourPackages(t *testing.T) map[string]goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir = "../.."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := map[string]goPackage{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[strings.TrimPrefix(p.ImportPath, module)] = p
	}
}
