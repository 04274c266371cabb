package realtime_test

import (
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
)

// trusted is how long a node goes on with what it has read, when no message reaches it.
const trusted = 4 * time.Second

// What another node changes closes connections here although no message comes: the database is asked.
func TestConnectionsEndWithWhatOtherNodesHaveChanged(t *testing.T) {
	for name, statements := range map[string][]string{
		"session ended":    {`UPDATE sessions SET ended_at = 1, end_reason = 'revoked' WHERE tenant_id = $1`},
		"user's epoch":     {`UPDATE users SET epoch = epoch + 1 WHERE tenant_id = $1`},
		"tenant's epoch":   {`UPDATE tenants SET epoch = epoch + 1 WHERE tenant_id = $1`},
		"user deleted":     {`DELETE FROM users WHERE tenant_id = $1`},
		"user disabled":    {`UPDATE users SET active = false WHERE tenant_id = $1`, `UPDATE tenants SET policy_version = policy_version + 1 WHERE tenant_id = $1`},
		"tenant suspended": {`UPDATE tenants SET status = 'suspended' WHERE tenant_id = $1`},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, realtime.Limits{}, func(t *testing.T, p *program) {
				conn := p.connect(t, p.ann.SignIn())
				other := p.NewTenant("other", "it-desk").NewUser("eve", nil, "agent").SignIn()
				spared := p.connect(t, other)
				alive(t, conn)
				for _, statement := range statements {
					p.change(t, statement)
				}
				p.Clock.Advance(trusted)
				closed(t, conn, 4403, "session_ended")
				alive(t, spared)
			})
		})
	}
}

// Nobody goes on for long when nobody can be asked, and whoever comes again is heard when somebody can.
func TestConnectionsEndWhenNobodyCanBeAsked(t *testing.T) {
	p, run := raw(t, realtime.Limits{Doubt: 50 * time.Millisecond, Recheck: time.Millisecond})
	c := p.ann.SignIn()
	conn := p.connect(t, c)
	alive(t, conn)
	run(`ALTER TABLE sessions RENAME TO elsewhere`)
	p.Clock.Advance(trusted)
	closed(t, conn, websocket.StatusTryAgainLater, "unavailable")
	run(`ALTER TABLE elsewhere RENAME TO sessions`)
	alive(t, p.connect(t, c))
}
