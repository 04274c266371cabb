package session

import (
	"testing"
	"time"
)

// What was read before something ended may be history by the time it is to be kept.
func TestLiveDoesNotKeepWhatWasReadBeforeSomethingEnded(t *testing.T) {
	ann, bob := userKey{"acme", "ann"}, userKey{"acme", "bob"}
	read := liveSession{expires: time.Now(), epochs: Epochs{Tenant: 1, User: 1}}
	for _, ended := range []userKey{ann, bob} {
		l := newLive()
		_, _, forgot := l.find(ann, "s1")
		l.forget(ended)
		l.keep(ann, "s1", read, forgot)
		if _, ok, _ := l.find(ann, "s1"); ok {
			t.Errorf("kept although sessions of %v have ended since it was read", ended)
		}
		_, _, forgot = l.find(ann, "s1")
		l.keep(ann, "s1", read, forgot)
		if got, ok, _ := l.find(ann, "s1"); !ok || got != read {
			t.Errorf("found %v, %v", got, ok)
		}
	}
}

func TestLiveForgetsAllOfAUserAndNothingElse(t *testing.T) {
	ann, namesake := userKey{"acme", "ann"}, userKey{"other", "ann"}
	l := newLive()
	for _, id := range []string{"s1", "s2", "s2"} {
		l.keep(ann, id, liveSession{}, 0)
		l.keep(namesake, id, liveSession{}, 0)
	}
	l.forget(ann)
	for _, id := range []string{"s1", "s2"} {
		if _, ok, _ := l.find(ann, id); ok {
			t.Errorf("%s of ann is still there", id)
		}
		if _, ok, _ := l.find(namesake, id); !ok {
			t.Errorf("%s of her namesake is gone", id)
		}
	}
	if l.count != 2 {
		t.Errorf("counts %d sessions", l.count)
	}
}

func TestLiveIsBounded(t *testing.T) {
	l := newLive()
	for n := range 3 * liveLimit {
		l.keep(userKey{"acme", "ann"}, time.Duration(n).String(), liveSession{}, 0)
	}
	if held := len(l.byUsers[userKey{"acme", "ann"}]); held > liveLimit || held != l.count {
		t.Errorf("holds %d sessions and counts %d", held, l.count)
	}
}
