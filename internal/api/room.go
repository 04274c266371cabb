package api

import (
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// ErrNoRoom is a refusal for which there is room.
var ErrNoRoom = fault.Define(fault.Unavailable, "no_room",
	"The server's disk is nearly full; nothing was changed.", "服务器磁盘空间不足，未做任何更改。",
	"The operator has to make room. Reading, signing in and out, and what takes access away as a whole go on meanwhile.")

// retryRoom is when to come back: somebody has to do something first.
const retryRoom = time.Minute

// room refuses new work when there is little room left, as long as the refusal itself can still be recorded. What reads
// goes on, and what an operation says of itself to need none.
func (a *API) room(op *Operation) error {
	if op.Method == http.MethodGet || op.NeedsNoRoom || a.config.Room() {
		return nil
	}
	return ErrNoRoom.After(retryRoom)
}
