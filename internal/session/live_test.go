package session

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/cluster"
)

// stamped makes a live in which users have been asked about at an instant.
func stamped(t *testing.T, at time.Time, users ...userKey) *live {
	t.Helper()
	l := newLive()
	for _, user := range users {
		stamp, _ := cluster.New().Renew(t.Context(), at, cluster.Stamp{}, user.tenant)
		l.restamp(user, l.of(user), stamp, false)
	}
	return l
}

// What was read before something ended may be history by the time it is to be kept.
func TestLiveDoesNotKeepWhatWasReadBeforeSomethingEnded(t *testing.T) {
	ann, now := userKey{"acme", "ann"}, time.Now()
	read := liveSession{expires: now, epochs: Epochs{Tenant: 1, User: 1}}
	for _, ends := range []func(*live){
		func(l *live) { l.forget(ann) }, func(l *live) { l.forget(userKey{"acme", ""}) }, (*live).forgetAll,
	} {
		l := stamped(t, now, ann)
		asked := l.of(ann)
		ends(l)
		l.keep(ann, asked, "s1", read)
		l.restamp(ann, asked, asked.stamp, true)
		if _, ok := l.find(ann, "s1", now); ok || l.count != 0 {
			t.Error("kept although it may have ended since it was read")
		}
		again := l.of(ann)
		l.restamp(ann, again, asked.stamp, true)
		l.keep(ann, again, "s1", read)
		if got, ok := l.find(ann, "s1", now); !ok || got != read {
			t.Errorf("found %v, %v", got, ok)
		}
	}
}

func TestLiveForgetsWhatItIsToldToAndNothingElse(t *testing.T) {
	now := time.Now()
	ann, bob, namesake := userKey{"acme", "ann"}, userKey{"acme", "bob"}, userKey{"other", "ann"}
	for _, test := range []struct {
		forgets userKey
		left    map[userKey]bool
	}{
		{ann, map[userKey]bool{bob: true, namesake: true}},
		{userKey{"acme", ""}, map[userKey]bool{namesake: true}},
	} {
		l := stamped(t, now, ann, bob, namesake)
		for _, user := range []userKey{ann, bob, namesake} {
			for _, id := range []string{"s1", "s2", "s2"} {
				l.keep(user, l.of(user), id, liveSession{})
			}
		}
		l.forget(test.forgets)
		for _, user := range []userKey{ann, bob, namesake} {
			for _, id := range []string{"s1", "s2"} {
				if _, ok := l.find(user, id, now); ok != test.left[user] {
					t.Errorf("after forgetting %v: %s of %v is there: %v", test.forgets, id, user, ok)
				}
			}
		}
		if l.count != 3*len(test.left) {
			t.Errorf("counts %d", l.count)
		}
	}
}

// What no longer stands goes, with all that was read beside it.
func TestLiveForgetsSessionsThatDoNotStand(t *testing.T) {
	ann, now := userKey{"acme", "ann"}, time.Now()
	l := stamped(t, now, ann)
	u := l.of(ann)
	l.keep(ann, u, "s1", liveSession{})
	l.restamp(ann, u, u.stamp, true)
	if _, ok := l.find(ann, "s1", now); !ok {
		t.Error("what stands is gone")
	}
	if _, ok := l.find(ann, "s1", now.Add(time.Minute)); ok {
		t.Error("trusted for a minute")
	}
	l.restamp(ann, u, u.stamp, false)
	if _, ok := l.find(ann, "s1", now); ok || l.count != 1 {
		t.Error("what does not stand is there")
	}
}

func TestLiveIsBounded(t *testing.T) {
	l, ann := newLive(), userKey{"acme", "ann"}
	for n := range 3 * liveLimit {
		l.keep(ann, l.of(ann), time.Duration(n).String(), liveSession{})
		l.of(userKey{"acme", time.Duration(n).String()})
	}
	held := len(l.byUsers)
	for _, u := range l.byUsers {
		held += len(u.sessions)
	}
	if held > liveLimit || held != l.count {
		t.Errorf("holds %d and counts %d", held, l.count)
	}
}
