package store_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// Many statements have more time than one, and not without end: a server that stands still would be waited for through
// all that an import has sent it.
func TestManyStatementsAreNotWaitedForWithoutEnd(t *testing.T) {
	const answer = 20 * time.Second
	one, ten, most := store.BatchTime(answer, 1), store.BatchTime(answer, 10), store.BatchTime(answer, store.MaxPending)
	if one <= answer || ten <= one || most <= ten || most > answer+time.Minute {
		t.Errorf("one has %v, ten have %v, as many as travel together %v", one, ten, most)
	}
}
