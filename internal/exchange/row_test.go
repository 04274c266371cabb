package exchange

import (
	"context"
	"errors"
	"testing"
)

// A file that nobody waits for any more is not read to its end while the tenant is locked.
func TestRowsEndWithTheirRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	rows, brought := make([]numbered[string], 5), 0
	err := each(ctx, rows, &report{}, func(numbered[string]) error {
		if brought++; brought == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || brought != 2 {
		t.Errorf("%d rows were brought in, and it ended with %v", brought, err)
	}
}
