package session

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"sync"
)

// knownTokens remembers tokens whose form and signature were found good, so that a token which comes with every request
// is checked once. It knows nothing else: whether a token is in force, for whom it is and whether its key is still
// trusted is judged each time, and revocation is never asked here.
//
// A nil *knownTokens remembers nothing.
type knownTokens struct {
	mu            sync.Mutex // guards what follows
	recent, older map[tokenDigest]genuineToken
}

// tokenDigest stands for the whole text of a token: two texts that differ anywhere have different ones.
type tokenDigest [sha256.Size]byte

// genuineToken is what a token says that was signed with one of our keys.
type genuineToken struct {
	keyID  string
	key    *ecdsa.PublicKey
	claims map[string]any // shared; never changed
}

// knownLimit bounds each of the two maps. A token takes about two kilobytes.
const knownLimit = 10_000

func newKnownTokens() *knownTokens {
	return &knownTokens{recent: map[tokenDigest]genuineToken{}}
}

func (k *knownTokens) find(d tokenDigest) (genuineToken, bool) {
	if k == nil {
		return genuineToken{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if g, ok := k.recent[d]; ok {
		return g, true
	}
	g, ok := k.older[d]
	if ok {
		k.add(d, g)
	}
	return g, ok
}

func (k *knownTokens) keep(d tokenDigest, g genuineToken) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(d, g)
}

// add lets go of whatever was not asked for since the map was last full, rather than of everything: users at work
// would all be checked again at once.
func (k *knownTokens) add(d tokenDigest, g genuineToken) {
	if len(k.recent) >= knownLimit {
		k.recent, k.older = map[tokenDigest]genuineToken{}, k.recent
	}
	k.recent[d] = g
}

func (k *knownTokens) drop(d tokenDigest) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.recent, d)
	delete(k.older, d)
}
