package realtime

import (
	"errors"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// Our own codes (RFC 6455, section 7.4.2).
const (
	statusRevoked websocket.StatusCode = 4403 // the caller may not go on
	statusBehind  websocket.StatusCode = 4408 // the peer takes less than it is sent
)

// ending is how a connection ended, as its record tells.
type ending struct {
	code   websocket.StatusCode // as sent or received; 0 when neither was
	reason string               // a stable code; "" when there is nothing to explain
	result trail.Result
	said   bool // by the peer
}

// The endings that do not depend on what came.
var (
	stopping = ending{code: websocket.StatusGoingAway, reason: "stopping", result: trail.Success}
	unsure   = ending{code: websocket.StatusTryAgainLater, reason: fault.ErrUnavailable.Name, result: trail.Failure}
	tooLarge = ending{code: websocket.StatusMessageTooBig, reason: fault.ErrTooLarge.Name, result: trail.Failure}
	notText  = ending{code: websocket.StatusUnsupportedData, reason: errBadMessage.Name, result: trail.Failure}
	notUTF8  = ending{code: websocket.StatusInvalidFramePayloadData, reason: errBadMessage.Name, result: trail.Failure}
	broken   = ending{code: websocket.StatusInternalError, reason: fault.ErrInternal.Name, result: trail.Unknown}
	behind   = ending{code: statusBehind, reason: "slow_peer", result: trail.Failure}
	tooSlow  = ending{reason: "slow_peer", result: trail.Failure}
	lost     = ending{reason: "connection_lost", result: trail.Unknown}
)

// revoked ends a connection for the reason that a request would be refused for.
func revoked(f *fault.Error) ending {
	return ending{code: statusRevoked, reason: f.Code.Name, result: trail.Failure}
}

// endingOf tells from the error of a read how the peer has ended it.
func endingOf(err error) ending {
	code := websocket.CloseStatus(err)
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig):
		return tooLarge
	case code == websocket.StatusNoStatusRcvd:
		return ending{result: trail.Success, said: true}
	case code != -1:
		return ending{code: code, result: trail.Success, said: true}
	}
	return lost
}
