package policy

import (
	"errors"
	"testing"
)

func TestAPlaceKeepsTheNewestPolicy(t *testing.T) {
	var p place
	older, newer := &Compiled{Version: 1}, &Compiled{Version: 2}
	p.put(newer)
	p.put(older) // its commit came first and is heard of last
	if p.take() != newer {
		t.Error("an older policy replaced a newer one")
	}
}

func TestAPlaceKeepsNothingThatWasReadBeforeItWasCleared(t *testing.T) {
	var p place
	stale, fresh := &Compiled{Version: 1}, &Compiled{Version: 1}
	got, err := p.fill(func() (*Compiled, error) {
		p.clear() // while the policy is being read
		return stale, nil
	})
	if err != nil || got != stale {
		t.Fatalf("the reader itself got %v, %v", got, err)
	}
	if got, _ = p.fill(func() (*Compiled, error) { return fresh, nil }); got != fresh || p.take() != fresh {
		t.Error("what was read before the place was cleared is still there")
	}
}

func TestAPlaceIsNotFilledByAFailure(t *testing.T) {
	var p place
	failure := errors.New("no database")
	if _, err := p.fill(func() (*Compiled, error) { return nil, failure }); !errors.Is(err, failure) || p.take() != nil {
		t.Errorf("got %v, kept %v", err, p.take())
	}
	p.put(&Compiled{Version: 3})
	if got, err := p.fill(func() (*Compiled, error) { return nil, failure }); err != nil || got.Version != 3 {
		t.Errorf("what is there already was not taken: %v, %v", got, err)
	}
}
