package session

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// nodesApart is how far the clocks of nodes are from the one that keys are rotated by: two are apart by the leeway.
var nodesApart = []time.Duration{-tokenLeeway / 2, 0, tokenLeeway / 2}

// ringHistory is a ring with what has happened to it.
type ringHistory struct {
	ring      keyring
	now       time.Time
	made      int
	published map[string]time.Time // when each key was, but for those that were to sign at once
	tokens    []ringToken
}

// ringToken is a token as far as keys are concerned.
type ringToken struct {
	kid     string
	expires time.Time
}

// Whatever is rotated and however much time passes, on nodes whose clocks are apart: at each instant one key signs and it
// is published, no key signs before it has been published for two hours, a compromise aside, and every token that has
// not expired is good unless its key was given up.
func TestRotationsLoseNoToken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &ringHistory{now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), published: map[string]time.Time{}}
		h.rotate(t, true)
		t.Repeat(map[string]func(*rapid.T){
			"issue":          h.issue,
			"rotate":         func(t *rapid.T) { h.rotate(t, false) },
			"rotate at once": func(t *rapid.T) { h.rotate(t, true) },
			"wait": func(t *rapid.T) {
				h.now = h.now.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(t, "for")))
			},
			"wait for a change": h.waitForChange,
			"":                  h.check,
		})
	})
}

// issue signs on any node.
func (h *ringHistory) issue(t *rapid.T) {
	now := h.now.Add(rapid.SampledFrom(nodesApart).Draw(t, "apart"))
	k, err := h.ring.signer(now)
	if err != nil {
		t.Fatal(err)
	}
	h.tokens = append(h.tokens, ringToken{k.id, now.Truncate(time.Second).Add(AccessTokenLife)})
}

// rotate does with the ring what the database does with its rows.
func (h *ringHistory) rotate(t *rapid.T, immediate bool) {
	plan, err := h.ring.rotate(h.now, immediate)
	if errors.Is(err, ErrRotating) && !immediate && h.now.Before(h.ring.newest().signsFrom) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var keys []ringKey
	for _, k := range h.ring.keys {
		switch {
		case slices.Contains(plan.removes, k.id):
			continue
		case k.id == plan.retires.id:
			k = plan.retires
		}
		keys = append(keys, k)
	}
	h.made++
	fresh := ringKey{id: fmt.Sprint("k", h.made), signsFrom: plan.signsFrom}
	h.ring = keyring{append(keys, fresh)}
	if immediate {
		h.tokens = nil // given up with their keys; see check
	} else {
		h.published[fresh.id] = h.now
	}
}

// waitForChange goes to the instants at which something happens, and to those just before.
func (h *ringHistory) waitForChange(t *rapid.T) {
	var at []time.Time
	for _, k := range h.ring.keys {
		for _, change := range []time.Time{k.signsFrom, k.publishedUntil} {
			for _, early := range []time.Duration{0, time.Microsecond} {
				if change.Add(-early).After(h.now) {
					at = append(at, change.Add(-early))
				}
			}
		}
	}
	if len(at) > 0 {
		h.now = rapid.SampledFrom(at).Draw(t, "change")
	}
}

func (h *ringHistory) check(t *rapid.T) {
	signs := 0
	for _, k := range h.ring.states(h.now) {
		if k.Use == KeySigns {
			signs++
		}
	}
	if signs != 1 {
		t.Fatalf("%d keys sign: %+v", signs, h.ring.states(h.now))
	}
	for _, apart := range nodesApart {
		h.checkNode(t, h.now.Add(apart))
	}
}

func (h *ringHistory) checkNode(t *rapid.T, now time.Time) {
	signer, err := h.ring.signer(now)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range nodesApart {
		if _, ok := h.ring.find(signer.id, h.now.Add(node)); !ok {
			t.Fatalf("%s signs and is not published on every node", signer.id)
		}
	}
	if at, waited := h.published[signer.id]; waited && now.Sub(at) < 2*time.Hour {
		t.Fatalf("%s signs %v after it was published", signer.id, now.Sub(at))
	}
	for _, token := range h.tokens {
		if _, ok := h.ring.find(token.kid, now); !ok && now.Before(token.expires.Add(tokenLeeway)) {
			t.Fatalf("a token of %s is refused %v before it expires", token.kid, token.expires.Sub(now))
		}
	}
	if end := h.ring.nextEnd(now); !end.IsZero() && !end.After(now) {
		t.Fatalf("the next end, %v, is over at %v", end, now)
	}
}

// What is given up is given up on every node, whatever its clock says.
func TestAfterACompromiseNoOldKeyIsLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &ringHistory{now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), published: map[string]time.Time{}}
		h.rotate(t, true)
		for range rapid.IntRange(0, 4).Draw(t, "rotations") {
			h.rotate(t, false)
			h.now = h.now.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(t, "for")))
		}
		h.rotate(t, true)
		if len(h.ring.keys) != 1 || h.ring.keys[0].id != fmt.Sprint("k", h.made) {
			t.Fatalf("left: %+v", h.ring.keys)
		}
		h.check(t)
	})
}
