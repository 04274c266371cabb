package realtime_test

import (
	"bytes"
	"encoding/base64"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestTicketIsGoodOnceAmongFifty(t *testing.T) {
	each(t, realtime.Limits{PerSession: 100, PerUser: 100}, func(t *testing.T, p *program) {
		ticket := ticketOf(p.ann.SignIn())
		var won, lost int
		var mu sync.Mutex // guards won and lost
		var crowd sync.WaitGroup
		for range 50 {
			crowd.Go(func() {
				_, response, err := p.handshake(t, offered(ticket))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case response != nil && response.StatusCode == 401:
					lost++
				}
			})
		}
		crowd.Wait()
		if won != 1 || lost != 49 {
			t.Errorf("%d connected and %d were refused", won, lost)
		}
		if left := p.column(t, `SELECT id FROM realtime_tickets WHERE tenant_id = $1`); len(left) != 0 {
			t.Errorf("left: %q", left)
		}
	})
}

func TestTicketExpiresAndIsTakenAway(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		answer := c.Do("POST", "/v1/realtime/tickets", nil).Expect(201)
		expires, err := time.Parse(time.RFC3339, answer.String("expires_at"))
		if err != nil {
			t.Fatal(err)
		}
		if left := expires.Sub(p.DB.Now()); left <= 0 || left > 30*time.Second {
			t.Errorf("it lasts for %s", left)
		}
		p.Clock.Advance(30 * time.Second)
		p.refused(t, 401, "bad_ticket", offered(answer.String("ticket")))
		ticketOf(c)
		if left := p.column(t, `SELECT id FROM realtime_tickets WHERE tenant_id = $1`); len(left) != 1 {
			t.Errorf("left: %q", left)
		}
	})
}

func TestTicketIsStoredAsAHash(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		text := ticketOf(p.ann.SignIn())
		ticket, ok := seal.ParseOpaque(text, seal.OpaqueSize)
		if !ok || ticket.Tenant != p.acme.ID {
			t.Fatalf("the ticket is %s", text)
		}
		stored := p.column(t, `SELECT secret_hash FROM realtime_tickets WHERE tenant_id = $1 AND id = $2`, ticket.ID)
		if len(stored) != 1 || !bytes.Equal(stored[0], ticket.Hash()) {
			t.Errorf("stored: %q", stored)
		}
		kept := bytes.Join(p.column(t, `SELECT body FROM audit_bodies WHERE tenant_id = $1`), nil)
		if bytes.Contains(kept, []byte(base64.RawURLEncoding.EncodeToString(ticket.Secret))) {
			t.Error("the trail holds the secret")
		}
	})
}

// Nothing about a ticket that is not good can be learnt, and its record lies in the trail that it names.
func TestTicketsCannotBeMadeUp(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		other := p.NewTenant("other", "it-desk")
		good, _ := seal.ParseOpaque(ticketOf(p.ann.SignIn()), seal.OpaqueSize)
		forged := seal.NewOpaque(p.acme.ID, good.ID)
		moved := seal.Opaque{Tenant: other.ID, ID: good.ID, Secret: good.Secret}
		nowhere := seal.Opaque{Tenant: "nowhere", ID: good.ID, Secret: good.Secret}
		for _, ticket := range []string{forged.Text(), moved.Text(), nowhere.Text(), "x", good.Text() + "A", p.ann.SignIn().Token} {
			p.refused(t, 401, "bad_ticket", offered(ticket))
		}
		records := p.records(t, "realtime.connect")
		if len(records) != 1 || records[0].Actor.Type != "anonymous" || records[0].Outcome.Reason != "bad_ticket" {
			t.Errorf("%+v", records)
		}
		if _, _, err := p.handshake(t, offered(good.Text())); err != nil {
			t.Errorf("the good one: %v", err)
		}
	})
}

// A ticket is worth what the token was worth that it was got with.
func TestTicketDoesNotOutliveARevocation(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		p.eachRevocation(t, func(t *testing.T, user *servertest.User, revoke revocation) {
			c := user.SignIn()
			ticket := ticketOf(c)
			revoke(t, p, user, c)
			p.refused(t, 401, "bad_ticket", offered(ticket))
		})
	})
}

// A changed password spares the session that it was changed in, not what older tokens have brought about.
func TestTicketFromBeforeAChangedPasswordIsWorthless(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		ticket := ticketOf(c)
		changePassword(t, c)
		p.refused(t, 401, "bad_ticket", offered(ticket))
		if _, _, err := p.handshake(t, offered(ticketOf(c))); err != nil {
			t.Errorf("a fresh one: %v", err)
		}
	})
}

// changePassword gives the client the fresh token.
func changePassword(t *testing.T, c *servertest.Client) {
	t.Helper()
	c.Token = c.Do("POST", "/v1/auth/password", map[string]any{
		"current": servertest.Password, "new": "another horse battery staple",
	}).Expect(200).String("access_token")
}
