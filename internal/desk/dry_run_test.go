package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

type dryRun struct {
	Candidates []struct {
		Agent struct{ ID, Name string }
		Pass  string
	}
	Others []struct {
		Agent  struct{ ID, Name string }
		Reason string
	}
	LeftOut  bool                 `json:"left_out"`
	WaitsFor *struct{ ID string } `json:"waits_for"`
	OpensIn  *int                 `json:"opens_in_seconds"`
}

func (d dryRun) reasons() map[string]string {
	reasons := map[string]string{}
	for _, o := range d.Others {
		reasons[o.Agent.ID] = o.Reason
	}
	return reasons
}

func (d dryRun) order() (order []string) {
	for _, c := range d.Candidates {
		order = append(order, c.Agent.ID+" "+c.Pass)
	}
	return order
}

func TestADryRunSaysWhoAndWhyNot(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		it, hr := f.NewDepartment("IT", ""), f.NewDepartment("HR", "")
		in := []string{it}
		best, second := f.agent("best", 5, in, "network"), f.agent("second", 4, in, "network")
		relaxed, elsewhere := f.agent("relaxed", 5, in), f.agent("elsewhere", 5, []string{hr}, "network")
		busy, offline := f.agent("busy", 5, in, "network"), f.agent("offline", 5, in, "network")
		away, full := f.agent("away", 5, in, "network"), f.agent("full", 1, in, "network")
		tight, barred := f.agent("tight", 1, in), f.agent("barred", 5, in, "network")
		asking := f.agent("asking", 5, in, "network")
		f.exec(`UPDATE agents SET status = 'busy' WHERE tenant_id = $1 AND user_id = $2`, busy.ID)
		f.exec(`UPDATE agents SET status = 'offline' WHERE tenant_id = $1 AND user_id = $2`, offline.ID)
		f.lose(away)
		f.exec(`UPDATE agents SET current_load = 1 WHERE tenant_id = $1 AND user_id IN ($2, $3)`, second.ID, full.ID)
		f.exec(`DELETE FROM role_assignments WHERE tenant_id = $1 AND user_id = $2`, barred.ID)
		f.exec(`UPDATE tenants SET policy_version = policy_version + 1 WHERE tenant_id = $1`)
		f.Policy.Forget(f.ID)

		admin := f.NewUser("root", nil, "admin").SignIn()
		var d dryRun
		ask := object{"skill": "network", "department": it, "requester": asking.ID, "waited_seconds": 120}
		admin.Do("POST", "/v1/dispatch/dry-run", ask).Expect(200).Into(&d)
		if want := []string{best.ID + " matched", second.ID + " matched", relaxed.ID + " relaxed"}; !slices.Equal(d.order(), want) || d.LeftOut {
			t.Errorf("candidates %q, want %q, left out %v", d.order(), want, d.LeftOut)
		}
		for who, want := range map[*servertest.User]string{
			elsewhere: "department", busy: "busy", offline: "offline", away: "not_connected", full: "full", tight: "reserve",
			barred: "permission", asking: "requester",
		} {
			if got := d.reasons()[who.ID]; got != want {
				t.Errorf("%s: %q, want %q", who.Username, got, want)
			}
		}
		if d.OpensIn == nil || *d.OpensIn != 180 {
			t.Errorf("opens in %v, want at the overflow", d.OpensIn)
		}
		ask["waited_seconds"] = 119
		admin.Do("POST", "/v1/dispatch/dry-run", ask).Expect(200).Into(&d)
		if got := d.reasons()[relaxed.ID]; got != "skill" {
			t.Errorf("a second earlier: %q", got)
		}
		admin.Do("POST", "/v1/dispatch/dry-run", object{"skill": "cooking"}).Refused(422, "invalid_request")

		lead := f.NewUser("lead", []string{hr}, "team_lead").SignIn()
		lead.Do("POST", "/v1/dispatch/dry-run", ask).Refused(403, "out_of_scope")
		lead.Do("POST", "/v1/dispatch/dry-run", object{"department": hr}).Expect(200).Into(&d)
		if want := []string{elsewhere.ID + " matched"}; !slices.Equal(d.order(), want) || !d.LeftOut || len(d.Others) > 0 {
			t.Errorf("the lead of HR sees %q and %v, left out %v", d.order(), d.Others, d.LeftOut)
		}
		best.SignIn().Do("POST", "/v1/dispatch/dry-run", object{}).Refused(403, "no_permission")
	})
}

// What the dry run names first is who gets it.
func TestTheDryRunComesTrue(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		admin := f.NewUser("root", nil, "admin").SignIn()
		requester := f.NewUser("wang", nil, "user")
		for i := range 4 {
			f.agent(fmt.Sprint("agent", i), 3, nil, []string{"network", "software"}[i%2])
		}
		for i := range 12 {
			skill, waited := []string{"network", "software", "asset"}[i%3], time.Duration(i)*time.Minute
			var d dryRun
			admin.Do("POST", "/v1/dispatch/dry-run", object{"skill": skill, "waited_seconds": int(waited.Seconds())}).Expect(200).Into(&d)
			c := f.ask(requester, skill, "", waited)
			f.settle()
			want := ""
			if len(d.Candidates) > 0 {
				want = d.Candidates[0].Agent.ID
			}
			if got := f.holder(c); got != want {
				t.Errorf("%s after %v: held by %q, rehearsed %q", skill, waited, got, want)
			}
		}
	})
}

func TestCandidatesAreThoseWhoCouldBeGivenIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		it, hr := f.NewDepartment("IT", ""), f.NewDepartment("HR", "")
		holder := f.agent("holder", 5, []string{it}, "network")
		c := f.ask(f.NewUser("wang", nil, "user"), "network", it, 0)
		f.settle()
		elsewhere, unskilled := f.agent("elsewhere", 5, []string{hr}), f.agent("unskilled", 5, []string{it})
		skilled, full := f.agent("skilled", 5, []string{it}, "network"), f.agent("full", 1, []string{it}, "network")
		f.exec(`UPDATE agents SET current_load = 1 WHERE tenant_id = $1 AND user_id = $2`, full.ID)
		var page struct {
			Items []struct {
				Agent struct{ ID, Name string }
				Load  int `json:"current_load"`
				Max   int `json:"max_load"`
			}
		}
		path := "/v1/conversations/" + c + "/candidates"
		holder.SignIn().Do("GET", path, nil).Expect(200).Into(&page)
		var got []string
		for _, a := range page.Items {
			got = append(got, a.Agent.ID)
		}
		if want := []string{skilled.ID, unskilled.ID, elsewhere.ID}; !slices.Equal(got, want) {
			t.Errorf("candidates %q, want %q", got, want)
		}
		skilled.SignIn().Do("GET", path, nil).Refused(404, "not_found")
		f.NewUser("user", nil, "user").SignIn().Do("GET", path, nil).Refused(403, "no_permission")
		f.exec(`UPDATE conversations SET state = 'resolved' WHERE tenant_id = $1 AND id = $2`, c)
		holder.SignIn().Do("GET", path, nil).Refused(409, "wrong_state")
	})
}

// Who helped somebody last is told to those who may read that conversation; to others it is as if nobody had.
func TestADryRunTellsWhoHelpedToThoseWhoMayKnow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		it, hr := f.NewDepartment("IT", ""), f.NewDepartment("HR", "")
		first := f.agent("first", 5, []string{hr}, "network")
		last := f.agent("last", 5, []string{it, hr}, "network")
		wang := f.NewUser("wang", nil, "user")
		c := f.ask(wang, "network", it, 0)
		f.settle()
		if f.holder(c) != last.ID {
			t.Fatal("nobody helped")
		}
		f.exec(`UPDATE desk_settings SET preferred_seconds = 30 WHERE tenant_id = $1`)
		for who, want := range map[*servertest.Client][]string{
			f.NewUser("root", nil, "admin").SignIn():                  {last.ID + " preferred", first.ID + " matched"},
			f.NewUser("both", []string{it, hr}, "team_lead").SignIn(): {last.ID + " preferred", first.ID + " matched"},
			f.NewUser("lead", []string{hr}, "team_lead").SignIn():     {first.ID + " matched", last.ID + " matched"},
		} {
			var d dryRun
			ask := object{"skill": "network", "department": hr, "requester": wang.ID}
			who.Do("POST", "/v1/dispatch/dry-run", ask).Expect(200).Into(&d)
			if !slices.Equal(d.order(), want) || d.WaitsFor != nil {
				t.Errorf("%s sees %q, want %q", who.User.Username, d.order(), want)
			}
			f.exec(`UPDATE agents SET max_load = 1 WHERE tenant_id = $1 AND user_id = $2`, last.ID)
			who.Do("POST", "/v1/dispatch/dry-run", ask).Expect(200).Into(&d)
			if knows := d.WaitsFor != nil; knows != (want[0] == last.ID+" preferred") {
				t.Errorf("%s is told that it waits for %v", who.User.Username, d.WaitsFor)
			}
			f.exec(`UPDATE agents SET max_load = 5 WHERE tenant_id = $1 AND user_id = $2`, last.ID)
		}
	})
}
