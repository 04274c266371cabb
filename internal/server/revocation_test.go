package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Whatever ends somebody's access ends every way in that hangs on it, and no other: a table of endings
// crossed with the table of ways in. Each cell is somebody of their own, who has the credential first,
// whom the ending befalls, and who then tries.
func TestEveryCauseEndsEveryWayIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		r := &revocations{Server: s, platform: s.PlatformTenant()}
		r.owner = r.platform.NewUser("owner", nil, "platform_admin")
		for _, e := range endings {
			t.Run(e.name, func(t *testing.T) {
				for _, w := range ways {
					t.Run(w.name, func(t *testing.T) { r.cell(t, e, w) })
				}
			})
		}
	})
}

func TestEndingsKeepWaysThatExist(t *testing.T) {
	for _, e := range endings {
		for _, name := range strings.Fields(e.keeps) {
			if !slices.ContainsFunc(ways, func(w way) bool { return w.name == name }) {
				t.Errorf("%s: there is no way in called %s", e.name, name)
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
	client, other *servertest.Client // of the user; the first is what ends
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

func (r *revocations) cell(t *testing.T, e ending, w way) {
	v := r.victim(w.visits)
	try := w.get(t, v)
	e.happens(t, v)
	keeps := slices.Contains(strings.Fields(e.keeps), w.name)
	in := try()
	for patience := time.Now().Add(w.patience); in && !keeps && time.Now().Before(patience); in = try() {
		<-time.After(100 * time.Millisecond)
	}
	if in != keeps {
		t.Errorf("the way in is open: %t, want %t", in, keeps)
	}
}
