package session

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// jwksLife is how long a copy of the public keys may be used without asking again. It is short beside the time that a
// key is published before it signs.
const jwksLife = 5 * time.Minute

// servePublicKeys answers with the keys that verify our tokens at this moment. No copy outlives the next key's end.
func (s *Service) servePublicKeys(w http.ResponseWriter, _ *http.Request) {
	now, ring := s.config.DB.Now(), s.keys.Load()
	var keys []*SigningKey
	for _, k := range ring.published(now) {
		keys = append(keys, k.opened)
	}
	life := jwksLife
	if end := ring.nextEnd(now); !end.IsZero() {
		life = min(life, end.Sub(now))
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(life.Seconds())))
	_ = json.NewEncoder(w).Encode(PublicKeys(keys...)) // a client that went away
}
