package session_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// signInLine is a line of the log that somebody counts by hand.
type signInLine struct {
	at              time.Time
	user            string // "" for a name that nobody has
	outcome, reason string
	tries           int64
	newDevice       bool
	burst           bool
}

// Whatever the log holds, whoever asks, and wherever the clocks are changed: a report counts what somebody
// would who looks at each line and at the calendar on the wall.
func TestSignInReportCountsByTheCalendarOnTheWall(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.set(t, p.acme.ID, `UPDATE users SET permission_list = $3 WHERE tenant_id = $1 AND id = $2`, p.ann.ID, `["audit_log:read:own"]`)
		auditor := p.acme.NewUser("auditor", nil, "auditor")
		readers := []*servertest.Client{p.ann.SignIn(), auditor.SignIn()}
		rapid.Check(t, func(rt *rapid.T) {
			name := rapid.SampledFrom([]string{"Europe/Berlin", "America/Havana", "Asia/Kathmandu"}).Draw(rt, "zone")
			zone, err := time.LoadLocation(name)
			if err != nil {
				rt.Fatal(err)
			}
			p.unheard(t, p.acme.ID, `UPDATE tenants SET time_zone = $2 WHERE tenant_id = $1`, name)
			day := rapid.SampledFrom([]string{"2024-03-30", "2024-10-26", "2024-11-02"}).Draw(rt, "day")
			first, _ := time.ParseInLocation(time.DateOnly, day, zone)
			lines := p.lines(rt, first)
			p.rewrite(t, lines)
			by := rapid.SampledFrom([]string{"day", "hour"}).Draw(rt, "by")
			for _, reader := range readers {
				got := reportAt(reader, fmt.Sprintf("?by=%s&from=%s&to=%s", by, day, first.AddDate(0, 0, 2).Format(time.DateOnly)))
				if diff := gocmp.Diff(countByHand(lines, reader.User == auditor, reader.User.ID, first, by), counted(got)); diff != "" {
					rt.Fatalf("%+v (-by hand +report):\n%s", lines, diff)
				}
			}
		})
	})
}

// lines draws what is in the log around three days, much of it seconds before and after full hours.
func (p *program) lines(t *rapid.T, first time.Time) (lines []signInLine) {
	for range rapid.IntRange(0, 30).Draw(t, "lines") {
		l := signInLine{
			at:   first.Add(time.Duration(rapid.IntRange(-30, 5*24).Draw(t, "hour"))*time.Hour + time.Duration(rapid.IntRange(-4, 4).Draw(t, "second"))*time.Second),
			user: rapid.SampledFrom([]string{p.ann.ID, p.admin.ID, ""}).Draw(t, "user"), tries: 1,
			outcome: rapid.SampledFrom([]string{"success", "failure", "challenged"}).Draw(t, "outcome"),
		}
		switch l.outcome {
		case "success":
			l.newDevice = rapid.Bool().Draw(t, "new")
		case "failure":
			l.reason = rapid.SampledFrom([]string{"wrong_password", "slow_down", "unknown_user"}).Draw(t, "reason")
			l.tries = rapid.SampledFrom([]int64{1, 1, 70_000}).Draw(t, "tries")
			l.burst = l.tries > 1
		default:
			l.reason = "mfa_required" // what is waited for, which is no failure
		}
		lines = append(lines, l)
	}
	return lines
}

// rewrite has the log hold these lines and none other of their year.
func (p *program) rewrite(t *testing.T, lines []signInLine) {
	t.Helper()
	err := p.DB.Write(t.Context(), p.acme.ID, func(tx *store.Tx) error {
		if _, err := tx.Exec(t.Context(), `DELETE FROM sign_ins WHERE tenant_id = $1 AND time < $2`, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()); err != nil {
			return err
		}
		for _, l := range lines {
			_, err := tx.Exec(t.Context(), `
				INSERT INTO sign_ins (tenant_id, id, time, user_id, masked_name, method, outcome, reason, tries, address, user_agent, new_device, burst)
				VALUES ($1, $2, $3, nullif($4, ''), '', 'password', $5, $6, $7, '', '', $8, $9)`,
				store.NewID(l.at), l.at.UnixMicro(), l.user, l.outcome, l.reason, l.tries, l.newDevice, l.burst)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// countedBy is what is counted by day or hour, of those with anything; "" is all of them.
type countedBy map[string]signInCount

func counted(r signInReport) countedBy {
	by := countedBy{"": r.Sums}
	for _, row := range r.Rows {
		key := ""
		if row.Key.Date != nil {
			key = *row.Key.Date
		} else {
			key = strconv.Itoa(*row.Key.Hour)
		}
		by[key] = row.Figures
	}
	return by
}

func countByHand(lines []signInLine, everything bool, reader string, first time.Time, by string) countedBy {
	sums := countedBy{"": {Reasons: []signInReason{}}}
	var days []string
	for d := range 3 {
		days = append(days, first.AddDate(0, 0, d).Format(time.DateOnly))
	}
	if by == "hour" {
		for hour := range 24 {
			sums[strconv.Itoa(hour)] = signInCount{Reasons: []signInReason{}}
		}
	} else {
		for _, day := range days {
			sums[day] = signInCount{Reasons: []signInReason{}}
		}
	}
	for _, l := range lines {
		at := l.at.In(first.Location())
		day := at.Format(time.DateOnly)
		if !slices.Contains(days, day) || !everything && l.user != reader {
			continue
		}
		key := map[string]string{"day": day, "hour": strconv.Itoa(at.Hour())}[by]
		for _, k := range []string{"", key} {
			sums[k] = sums[k].with(l)
		}
	}
	return sums
}

func (c signInCount) with(l signInLine) signInCount {
	switch l.outcome {
	case "success":
		c.Succeeded++
	case "challenged":
		c.Challenged++
	default:
		c.Failed += l.tries
		c.Reasons = withReason(c.Reasons, l)
	}
	if l.newDevice {
		c.NewDevices++
	}
	if l.burst {
		c.Bursts++
	}
	return c
}

func withReason(reasons []signInReason, l signInLine) []signInReason {
	found := append([]signInReason{}, reasons...)
	i := slices.IndexFunc(found, func(r signInReason) bool { return r.Reason == l.reason })
	if i < 0 {
		found = append(found, signInReason{Reason: l.reason})
		i = len(found) - 1
	}
	found[i].Failed += l.tries
	slices.SortFunc(found, func(x, y signInReason) int {
		return cmp.Or(cmp.Compare(y.Failed, x.Failed), cmp.Compare(x.Reason, y.Reason))
	})
	return found
}
