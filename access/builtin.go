package access

import (
	_ "embed"
	"sync"
)

//go:embed catalogue.json
var builtInJSON []byte

//go:embed catalogue-platform.json
var platformJSON []byte

var (
	builtIn  = sync.OnceValue(func() *Catalogue { return mustCatalogue(builtInJSON) })
	platform = sync.OnceValue(func() *Catalogue { return mustCatalogue(platformJSON) })
)

// BuiltIn returns the catalogue of every tenant but the reserved one; it is
// the same value each time.
func BuiltIn() *Catalogue { return builtIn() }

// Platform returns the catalogue of the reserved tenant "platform"; it is the
// same value each time.
func Platform() *Catalogue { return platform() }

func mustCatalogue(data []byte) *Catalogue {
	c, err := ParseCatalogue(data)
	if err != nil {
		panic(err)
	}
	return c
}
