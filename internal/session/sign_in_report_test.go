package session_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// signInReport is what a report of sign-ins answers.
type signInReport struct {
	From, To, By string
	TimeZone     string `json:"time_zone"`
	Rows         []signInRow
	Sums         signInCount
}

type signInRow struct {
	Key struct {
		Date *string
		Hour *int
	}
	Figures signInCount
}

type signInCount struct {
	Succeeded, Failed, Challenged, Bursts int64
	NewDevices                            int64 `json:"new_devices"`
	Reasons                               []signInReason
}

type signInReason struct {
	Reason string
	Failed int64
}

func reportAt(c *servertest.Client, query string) (r signInReport) {
	c.Do("GET", "/v1/reports/sign-ins"+query, nil).Expect(200).Into(&r)
	return r
}

// Whatever is tried is counted, also what has no line of its own.
func TestSignInReportCountsEveryAttempt(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		noon := clock.Now().UTC().Truncate(24 * time.Hour).Add(-44 * time.Hour) // in Shanghai, a day of which nothing else is
		clock.Advance(noon.Sub(clock.Now()))
		for n := range 30 {
			expect(t, p.try("acme", fmt.Sprintf("nobody%d", n), "wrong", abroad), 401, "")
		}
		for range 5 {
			expect(t, p.signInFrom(office, "wrong"), 401, "")
		}
		expect(t, p.signInFrom(office, "wrong"), 429, "1")
		expect(t, p.try("acme", "root", servertest.Password, elsewhere(1)), 401, "") // and asked for the second factor
		expect(t, p.signInFrom(elsewhere(1), servertest.Password), 200, "")
		p.node.stop()

		auditor := p.acme.NewUser("auditor", nil, "auditor").SignIn()
		day := noon.Format(time.DateOnly)
		want := signInCount{
			Succeeded: 1, Failed: 36, Challenged: 1, NewDevices: 1,
			Bursts:  2, // ann's fifth failure, and the flood of those that nobody knows
			Reasons: []signInReason{{"unknown_user", 30}, {"wrong_password", 5}, {"slow_down", 1}},
		}
		byDay := reportAt(auditor, "?from="+day+"&to="+day)
		if diff := cmp.Diff(want, byDay.Sums); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]signInCount{want}, []signInCount{byDay.Rows[0].Figures}); diff != "" || len(byDay.Rows) != 1 || *byDay.Rows[0].Key.Date != day {
			t.Errorf("%+v (-want +got)\n%s", byDay.Rows, diff)
		}
		byHour := reportAt(auditor, "?by=hour&from="+day+"&to="+day)
		if diff := cmp.Diff(want, byHour.Rows[12].Figures); diff != "" || len(byHour.Rows) != 24 || *byHour.Rows[12].Key.Hour != 12 {
			t.Errorf("%+v (-want +got)\n%s", byHour.Rows, diff)
		}
	})
}

func TestSignInReportIsAboutTheLastSevenDays(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		auditor := p.acme.NewUser("auditor", nil, "auditor").SignIn()
		r := reportAt(auditor, "")
		zone, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			t.Fatal(err)
		}
		today := p.DB.Now().In(zone)
		if r.To != today.Format(time.DateOnly) || r.From != today.AddDate(0, 0, -6).Format(time.DateOnly) || r.By != "day" || r.TimeZone != zone.String() || len(r.Rows) != 7 {
			t.Errorf("%+v", r)
		}
		if got := r.Rows[6].Figures.Succeeded; got != 1 || r.Sums.Succeeded != 1 {
			t.Errorf("%d of today, %d altogether", got, r.Sums.Succeeded)
		}
		for _, query := range []string{"?from=yesterday", "?to=2026-02-30", "?from=2026-02-01&to=2026-01-01", "?from=2024-01-01&to=2025-01-01", "?by=user"} {
			auditor.Do("GET", "/v1/reports/sign-ins"+query, nil).Refused(422, "invalid_request")
		}
	})
}

func TestSignInReportNeedsThePermissionAndIsOnTheRecord(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn().Do("GET", "/v1/reports/sign-ins", nil).Refused(403, "no_permission")
		p.set(t, p.acme.ID, `UPDATE users SET permission_list = $3 WHERE tenant_id = $1 AND id = $2`, p.ann.ID, `["audit_log:read:own"]`)
		p.signIn("acme", "nobody", "wrong").Refused(401, "bad_credentials")
		p.admin.SignIn()
		if own := reportAt(p.ann.SignIn(), "").Sums; own.Succeeded != 2 || own.Failed != 0 || own.Challenged != 0 {
			t.Errorf("ann counts %+v, and has signed in twice", own)
		}

		stranger := p.NewTenant("other", "it-desk").NewUser("auditor", nil, "auditor").SignIn()
		if sums := reportAt(stranger, "").Sums; sums.Succeeded != 1 || sums.Failed != 0 {
			t.Errorf("another tenant counts %+v", sums)
		}
		list := p.records(t, p.acme.ID, "report.read")
		if last := list[len(list)-1]; len(last.Target) != 1 || last.Target[0].ID != "sign-ins" || last.Outcome.N != 7 {
			t.Errorf("%+v", last)
		}
	})
}
