package identity

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWaitsDoubleUpToTheLongest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 200).Draw(t, "failures")
		wait, next := WaitAfter(n), WaitAfter(n+1)
		switch {
		case n < SlowFrom:
			if wait != 0 {
				t.Errorf("%v after %d failures", wait, n)
			}
		case next != min(2*wait, longestWait):
			t.Errorf("%v after %d failures, and then %v", wait, n, next)
		}
	})
}
