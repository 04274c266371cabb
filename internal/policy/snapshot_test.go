package policy

import (
	"errors"
	"testing"
)

func TestAPlaceKeepsTheNewestPolicy(t *testing.T) {
	var p place
	older, newer := &Compiled{Version: 1}, &Compiled{Version: 2}
	p.put(newer, 0)
	p.put(older, 0) // its commit came first and is heard of last
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

func TestACommitThatIsHeardOfAfterAClearIsReadAgain(t *testing.T) {
	var p place
	p.put(&Compiled{Version: 1}, 0)
	_, cleared := p.look()
	p.clear()
	p.put(&Compiled{Version: 2}, cleared)
	if p.take() != nil {
		t.Error("what was read before the place was cleared is there")
	}
}

func TestAPlaceIsNotFilledByAFailure(t *testing.T) {
	var p place
	failure := errors.New("no database")
	if _, err := p.fill(func() (*Compiled, error) { return nil, failure }); !errors.Is(err, failure) || p.take() != nil {
		t.Errorf("got %v, kept %v", err, p.take())
	}
	p.put(&Compiled{Version: 3}, 0)
	if got, err := p.fill(func() (*Compiled, error) { return nil, failure }); err != nil || got.Version != 3 {
		t.Errorf("what is there already was not taken: %v, %v", got, err)
	}
}
