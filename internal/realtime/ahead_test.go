package realtime_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
)

// The connections of a tenant are asked about together, every two seconds: by themselves they would ask
// the database after four.
func TestConnectionsOfATenantAreAskedAboutTogether(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		p.Clock.Stop()
		var gone, stay []*websocket.Conn
		for i := range 5 {
			gone = append(gone, p.connect(t, p.acme.NewUser(fmt.Sprint("gone", i), nil, "agent").SignIn()))
			stay = append(stay, p.connect(t, p.acme.NewUser(fmt.Sprint("stays", i), nil, "agent").SignIn()))
		}
		p.change(t, `UPDATE sessions SET ended_at = 0, end_reason = 'lost'
			WHERE tenant_id = $1 AND user_id IN (SELECT u.id FROM users u WHERE u.tenant_id = $1 AND u.username LIKE 'gone%')`)
		for i := range gone {
			alive(t, gone[i])
		}
		p.Clock.Advance(2500 * time.Millisecond)
		for i := range gone {
			closed(t, gone[i], 4403, "session_ended")
			alive(t, stay[i])
		}
	})
}
