package session_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// One network that has more passwords compared than there are places leaves places to the others.
func TestACrowdFromOneNetworkKeepsNobodyElseOut(t *testing.T) {
	slow := hashAt(t, 12, nextPassword)
	eachProgram(t, func(t *testing.T, p *program) {
		tries := runtime.NumCPU() + 64 + 1 // one more than may run and wait
		for n := range tries {
			p.acme.NewUser(fmt.Sprintf("crowd%d", n), nil)
		}
		p.set(t, p.acme.ID, `UPDATE users SET password_hash = $2 WHERE tenant_id = $1 AND username LIKE 'crowd%'`, slow)
		statuses := make(chan int, tries)
		var crowd sync.WaitGroup
		for n := range tries {
			crowd.Go(func() {
				body := fmt.Sprintf(`{"tenant":"acme","username":"crowd%d","password":"wrong"}`, n)
				statuses <- p.post("/v1/auth/login", body, abroad).StatusCode
			})
		}
		go func() {
			crowd.Wait()
			close(statuses)
		}()
		for status := range statuses {
			if status == 503 { // the crowd holds all that it can
				break
			}
		}
		expect(t, p.signInFrom(office, servertest.Password), 200, "")
		for range statuses { // until everybody has left
		}
	})
}
