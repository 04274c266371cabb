package session

import (
	"fmt"
	"testing"
)

// A stranger with as many networks as they like fills neither memory nor log.
func TestFloodsFromManyNetworksAreBounded(t *testing.T) {
	f := newFloods(nil)
	var singles int
	for i := range 100_000 {
		a := attempt{home: "acme", method: methodPassword, from: origin{network: fmt.Sprintf("net %d", i)}}
		if !f.absorb(a, refusedUser) {
			singles++
		}
	}
	if len(f.tries) > maxTallies+2 || len(f.absorbed) > maxFloods+2 {
		t.Errorf("%d tallies and %d floods are remembered", len(f.tries), len(f.absorbed))
	}
	if singles > maxTallies+singly {
		t.Errorf("%d tries have a line each", singles)
	}
	var told int64
	f.flush(func(_ flood, n int64) { told += n })
	if told+int64(singles) != 100_000 {
		t.Errorf("%d tries are told of, of 100,000", told+int64(singles))
	}
}
