package clustertest

import (
	"testing"
	"time"
)

// patience is far more than anything takes that happens at all.
const patience = 30 * time.Second

// Eventually waits until something has happened that the test does not hear of otherwise.
func Eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for !happened() {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("never happened: %s", what)
		}
	}
}
