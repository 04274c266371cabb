package session

import (
	"context"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
)

// origin is where a call came from.
type origin struct {
	address   string
	network   string // the neighbourhood that failures are counted with
	userAgent string
}

// userAgentLimit is how many bytes of what a client says about itself are kept.
const userAgentLimit = 256

func originOf(ctx context.Context) origin {
	call := api.CallFrom(ctx)
	from := origin{network: audit.Network(call.Address), userAgent: clipped(call.UserAgent)}
	if call.Address.IsValid() {
		from.address = call.Address.String()
	}
	return from
}

// clipped makes text of a header storable: headers may hold any bytes.
func clipped(s string) string {
	if len(s) > userAgentLimit {
		s = s[:userAgentLimit]
	}
	return strings.ToValidUTF8(s, "")
}
