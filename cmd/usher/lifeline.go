package main

import (
	"context"
	"io"
)

// whileOpen is a context that ends when a stream does. A process that was started by another one, and gets
// nothing over this stream, ends with it however that ends.
func whileOpen(ctx context.Context, stream io.Reader) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, stream) // whatever ends it
		cancel()
	}()
	return ctx, cancel
}
