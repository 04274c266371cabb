package session

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

// ResealKeys seals the signing keys anew and returns how many had yet to be.
func ResealKeys(ctx context.Context, span *store.Span, from, to *seal.Key) (changed int, err error) {
	stored, err := storedKeys(ctx, span)
	if err != nil {
		return 0, err
	}
	for _, k := range stored {
		sealed, anew, err := seal.Reseal(k.sealed, from, to, keyPurpose, k.id)
		if err != nil {
			return 0, fmt.Errorf("signing key %s: %w", k.id, err)
		}
		if !anew {
			continue
		}
		if err := replaceSealed(ctx, span, k, sealed); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}

func replaceSealed(ctx context.Context, span *store.Span, k ringKey, sealed string) error {
	_, err := span.Exec(ctx, `
		UPDATE signing_keys
		SET sealed = $3
		WHERE kid = $1 AND sealed = $2`, k.id, k.sealed, sealed)
	return err
}
