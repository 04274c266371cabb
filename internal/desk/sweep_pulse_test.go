package desk

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// A node that has died is noticed once, and one that lives never, however its lease came to stand still.
func TestEachDeathIsNoticedOnce(t *testing.T) {
	began := time.Unix(1000, 0)
	first, second := store.Pulse{}, store.Pulse{}
	p := pulses{}
	for n, step := range []struct {
		after time.Duration
		found map[string]store.Pulse
		lost  bool
	}{
		{0, nil, false},
		{1, map[string]store.Pulse{"a": first}, false},
		{6, map[string]store.Pulse{"a": first}, false}, // five seconds
		{7, map[string]store.Pulse{"a": first}, true},
		{9, map[string]store.Pulse{"a": first}, false},
		{10, nil, false}, // somebody has removed what it left
		{11, map[string]store.Pulse{"b": second}, false},
		{12, nil, true}, // it has gone, and may have been killed after that
		{13, nil, false},
	} {
		if lost := p.feel(began.Add(step.after*time.Second), step.found); lost != step.lost {
			t.Errorf("%d: %t", n, lost)
		}
	}
}
