package turn

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/usher-desk/usher/internal/fault"
)

// Whoever waits and is gone leaves a place to others, who are refused as long as all places are taken.
func TestWhoIsGoneLeavesTheLine(t *testing.T) {
	var l Lines
	end, err := l.Take(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	gone, answered := make(chan error, most), make(chan error, 1)
	for range most { // and one more
		go func() {
			_, err := l.Take(ctx, "acme")
			gone <- err
		}()
	}
	if err := <-gone; !errors.Is(err, fault.ErrTooMany) {
		t.Errorf("one too many is answered %v", err)
	}
	giveUp()
	for range most - 1 {
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("whoever is gone is answered %v", err)
		}
	}
	go func() {
		last, err := l.Take(t.Context(), "acme")
		if err == nil {
			last()
		}
		answered <- err
	}()
	end()
	if err := <-answered; err != nil {
		t.Errorf("afterwards one is answered %v", err)
	}
	if len(l.of) != 0 {
		t.Errorf("%d lines are kept that nobody is in", len(l.of))
	}
}

// One at a time of a tenant, whatever others do meanwhile.
func TestOneAtATimeOfATenant(t *testing.T) {
	var l Lines
	other, err := l.Take(t.Context(), "elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	at := make(chan struct{}, 1)
	var all sync.WaitGroup
	for range most {
		all.Go(func() {
			for range 100 {
				end, err := l.Take(t.Context(), "acme")
				if err != nil {
					t.Error(err)
					return
				}
				select {
				case at <- struct{}{}:
					<-at
				default:
					t.Error("two are at it")
				}
				end()
			}
		})
	}
	all.Wait()
	other()
}
