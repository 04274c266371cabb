package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Whatever ends somebody's access ends every way in that hangs on it, and no other: a table of causes
// crossed with the table of ways in. Each cell is somebody of their own, who has the credential first,
// whom the cause befalls, and who then tries.
func TestEveryCauseEndsEveryWayIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		r := &revocations{Server: s, platform: s.PlatformTenant()}
		r.owner = r.platform.NewUser("owner", nil, "platform_admin")
		for _, c := range causes {
			t.Run(c.name, func(t *testing.T) {
				for _, w := range ways {
					t.Run(w.name, func(t *testing.T) { r.cell(t, c, w) })
				}
			})
		}
	})
}

func TestCausesKeepWaysThatExist(t *testing.T) {
	for _, c := range causes {
		for _, name := range strings.Fields(c.keeps) {
			if !slices.ContainsFunc(ways, func(w way) bool { return w.name == name }) {
				t.Errorf("%s: there is no way in called %s", c.name, name)
			}
		}
	}
}

// revocations makes somebody new for each cell.
type revocations struct {
	*servertest.Server
	platform *servertest.Tenant
	owner    *servertest.User // of the platform; suspends
	made     int
}

// victim is somebody with two sessions, in a tenant with an administrator.
type victim struct {
	*revocations
	tenant        *servertest.Tenant // where they may do something; of a visitor the one to be visited
	user, boss    *servertest.User
	client, other *servertest.Client // of the user; what the causes end is the first
}

func (r *revocations) victim(visits bool) *victim {
	r.made++
	v := &victim{revocations: r, tenant: r.NewTenant(fmt.Sprintf("t%d", r.made), "it-desk")}
	home, role, above := v.tenant, "agent", "admin"
	if visits {
		home, role, above = r.platform, "platform_admin", "platform_admin"
	}
	v.boss = home.NewUser(fmt.Sprintf("boss%d", r.made), nil, above)
	v.user = home.NewUser(fmt.Sprintf("ann%d", r.made), nil, role)
	if v.user.Secret == "" {
		v.user.Enrol()
	}
	v.client, v.other = v.user.SignIn(), v.user.SignIn()
	return v
}

func (r *revocations) cell(t *testing.T, c cause, w way) {
	v := r.victim(w.visits)
	try := w.get(t, v)
	c.happens(t, v)
	keeps := slices.Contains(strings.Fields(c.keeps), w.name)
	in := try()
	for patience := time.Now().Add(w.patience); in && !keeps && time.Now().Before(patience); in = try() {
		<-time.After(100 * time.Millisecond)
	}
	if in != keeps {
		t.Errorf("the way in is open: %t, want %t", in, keeps)
	}
}
