package desk_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// Whatever has happened and whoever asks, a report holds what somebody would count by hand who looks at each
// cycle, asks the access rules about it, and sorts it by the calendar on the wall.
func TestReportsCountWhatAccessAllows(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newReported(t, s)
		rapid.Check(t, func(t *rapid.T) {
			d.moveTo(rapid.SampledFrom([]string{"Europe/Berlin", "Asia/Shanghai"}).Draw(t, "zone"))
			d.first, _ = time.Parse(time.DateOnly, rapid.SampledFrom(switches).Draw(t, "first"))
			cycles := d.cycles(t)
			d.history.rewrite(d.t, cycles)
			for range 3 {
				d.compare(t, cycles)
			}
		})
	})
}

// switches are the days before those on which clocks are changed in Berlin.
var switches = []string{"2024-03-30", "2024-10-26"}

// reported is a tenant whose reports are asked for.
type reported struct {
	t           *testing.T
	s           *servertest.Server
	tenant      *servertest.Tenant
	history     *history
	departments []string
	agents      []string
	readers     []*servertest.Client
	zone        *time.Location
	first       time.Time // of the three days that are asked about
}

// newReported makes a tenant with somebody for each way to hold report:read.
func newReported(t *testing.T, s *servertest.Server) *reported {
	d := &reported{t: t, s: s, tenant: s.NewTenant("acme", "it-desk")}
	help := d.tenant.NewDepartment("Help", "")
	d.departments = []string{help, d.tenant.NewDepartment("Printers", help), d.tenant.NewDepartment("Sales", "")}
	admin := d.tenant.NewUser("root", nil, "admin").SignIn()
	for _, scopes := range [][]string{{"own"}, {"department"}, {"own", "department"}, {"all"}} {
		role := fmt.Sprintf("reader_%d", len(d.readers))
		permissions := []string{}
		for _, scope := range scopes {
			permissions = append(permissions, "report:read:"+scope)
		}
		admin.Do("POST", "/v1/roles", object{"name": role, "permissions": permissions}).Expect(201)
		for i := range d.departments {
			user := d.tenant.NewUser(fmt.Sprint(role, "_", i), d.departments[i:i+1], role)
			d.agents = append(d.agents, user.ID)
			d.readers = append(d.readers, user.SignIn())
		}
	}
	d.history = newHistory(t, s, d.tenant.ID, admin.User.ID, 30)
	return d
}

func (d *reported) moveTo(zone string) {
	write(d.t, d.s, d.tenant.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(d.t.Context(), `UPDATE tenants SET time_zone = $2 WHERE tenant_id = $1`, zone)
		return err
	})
	var err error
	if d.zone, err = time.LoadLocation(zone); err != nil {
		d.t.Fatal(err)
	}
}

// cycles are drawn from five days around those that are asked about.
func (d *reported) cycles(t *rapid.T) []cycle {
	some := func(label string, among []string) string {
		return rapid.SampledFrom(append([]string{""}, among...)).Draw(t, label)
	}
	one := rapid.Custom(func(t *rapid.T) cycle {
		c := cycle{
			conversation: rapid.IntRange(0, len(d.history.conversations)-1).Draw(t, "conversation"),
			number:       rapid.IntRange(1, 3).Draw(t, "number"),
			skill:        some("skill", []string{"computer", "network"}),
			department:   some("department", d.departments),
			queued:       d.first.Add(time.Duration(rapid.IntRange(-24*60, 4*24*60).Draw(t, "queued")) * time.Minute),
		}
		soon := func(label string) time.Duration {
			return time.Duration(rapid.IntRange(0, 90).Draw(t, label)) * time.Second // none of them for 0
		}
		if c.assigned = soon("assigned"); c.assigned != 0 {
			c.first = rapid.SampledFrom(d.agents).Draw(t, "first")
			c.last = rapid.SampledFrom(d.agents).Draw(t, "last")
			c.answered = soon("answered")
		}
		if c.answered != 0 {
			c.answering = rapid.SampledFrom(d.agents).Draw(t, "answering")
		}
		if c.over = soon("over"); c.over != 0 {
			c.end = "abandoned"
			if c.assigned != 0 {
				c.end, c.rating = "resolved", rapid.IntRange(0, 5).Draw(t, "rating")
			}
		}
		return c
	})
	key := func(c cycle) string { return fmt.Sprint(c.conversation, " ", c.number) }
	return rapid.SliceOfNDistinct(one, 0, 40, key).Draw(t, "cycles")
}

// compare asks for one report and counts by hand.
func (d *reported) compare(t *rapid.T, cycles []cycle) {
	reader := rapid.SampledFrom(d.readers).Draw(t, "reader")
	name := rapid.SampledFrom([]string{"first-response", "waiting", "resolution", "ratings", "volume"}).Draw(t, "report")
	by := rapid.SampledFrom([]string{"day", "hour", "agent", "department", "skill"}).Draw(t, "by")
	days := d.days()
	path := fmt.Sprintf("/v1/reports/%s?by=%s&from=%s&to=%s", name, by, days[0], days[2])
	if name != "ratings" && name != "volume" {
		path += "&target=45"
	}
	var got reportBody
	reader.Do("GET", path, nil).Expect(200).Into(&got)
	want := d.byHand(t, cycles, reader.User.ID, name, by)
	if diff := gocmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 1e-6), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s of %+v (-by hand +report):\n%s", path, cycles, diff)
	}
}

func (d *reported) days() []string {
	var days []string
	for i := range 3 {
		days = append(days, d.first.AddDate(0, 0, i).Format(time.DateOnly))
	}
	return days
}

type figures = map[string]any

type reportBody struct {
	Rows []reportRow
	Sums figures
}

type reportRow struct {
	Key struct {
		Date, ID *string
		Hour     *int
	}
	Figures figures
}

// byHand is the report as somebody would count it.
func (d *reported) byHand(t *rapid.T, cycles []cycle, reader, name, by string) reportBody {
	counted := map[string][]cycle{}
	var all []cycle
	switch by {
	case "day":
		for _, day := range d.days() {
			counted[day] = nil
		}
	case "hour":
		for hour := range 24 {
			counted[fmt.Sprint(hour)] = nil
		}
	}
	for _, c := range cycles {
		day := c.queued.In(d.zone).Format(time.DateOnly)
		if !slices.Contains(d.days(), day) || !d.allows(t, reader, c, name) {
			continue
		}
		key := map[string]string{"day": day, "hour": fmt.Sprint(c.queued.In(d.zone).Hour()), "agent": c.agent(name), "department": c.department, "skill": c.skill}[by]
		counted[key] = append(counted[key], c)
		all = append(all, c)
	}
	body := reportBody{Sums: figuresOf(name, all)}
	for key, list := range counted {
		row := reportRow{Figures: figuresOf(name, list)}
		switch {
		case by == "day":
			row.Key.Date = &key
		case by == "hour":
			hour, _ := strconv.Atoi(key)
			row.Key.Hour = &hour
		case key != "":
			row.Key.ID = &key
		}
		body.Rows = append(body.Rows, row)
	}
	names := d.names()
	slices.SortFunc(body.Rows, func(a, b reportRow) int {
		return cmp.Compare(place(a, names), place(b, names))
	})
	return body
}

// place sorts rows by date, hour or name, and last what has none of them.
func place(r reportRow, names map[string]string) string {
	switch {
	case r.Key.Hour != nil:
		return fmt.Sprintf("%02d", *r.Key.Hour)
	case r.Key.Date != nil:
		return *r.Key.Date
	case r.Key.ID != nil:
		return names[*r.Key.ID] + " " + *r.Key.ID
	}
	return "\U0010FFFF"
}

// names are what the keys of rows are called.
func (d *reported) names() map[string]string {
	names := map[string]string{"computer": "电脑", "network": "网络", d.departments[0]: "Help", d.departments[1]: "Printers", d.departments[2]: "Sales"}
	for _, reader := range d.readers {
		names[reader.User.ID] = reader.User.Name
	}
	return names
}

// agent is to whom a report attributes the cycle.
func (c cycle) agent(name string) string {
	switch name {
	case "first-response":
		return cmp.Or(c.answering, c.last)
	case "waiting":
		return c.first
	}
	return c.last
}

func (d *reported) allows(t *rapid.T, reader string, c cycle, name string) bool {
	compiled, err := d.s.Policy.Snapshot(d.t.Context(), d.tenant.ID)
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := compiled.Subject(reader)
	op, err := compiled.Catalogue().Operation("report", "read")
	if err != nil {
		t.Fatal(err)
	}
	o := access.Object{Tenant: d.tenant.ID, Resource: "report"}
	if agent := c.agent(name); agent != "" {
		o.Owners = []string{agent}
	}
	if c.department != "" {
		o.Departments = []string{c.department}
	}
	return subject.Check(op, &o, d.s.DB.Now()).Allow
}

// figuresOf counts some cycles.
func figuresOf(name string, cycles []cycle) figures {
	switch name {
	case "ratings":
		return ratingsOf(cycles)
	case "volume":
		return volumeOf(cycles)
	}
	return timesOf(cycles, func(c cycle) time.Duration {
		switch {
		case name == "first-response":
			return c.answered
		case name == "waiting":
			return c.assigned
		case c.end == "resolved":
			return c.over
		}
		return 0
	})
}

func timesOf(cycles []cycle, took func(cycle) time.Duration) figures {
	const target = 45 * time.Second
	var list []float64
	var sum float64
	within, missed := 0, 0
	for _, c := range cycles {
		switch d := took(c); {
		case d != 0:
			list = append(list, d.Seconds())
			sum += d.Seconds()
			if d <= target {
				within++
			}
		case c.over == 0 || c.over > target: // all of it is long ago
			missed++
		}
	}
	slices.Sort(list)
	rank := func(share float64) any {
		if len(list) == 0 {
			return nil
		}
		return list[int(math.Ceil(share*float64(len(list))))-1]
	}
	return figures{
		"count": float64(len(list)), "average": quotient(sum, len(list)), "median": rank(0.5), "p90": rank(0.9),
		"within": float64(within), "missed": float64(missed), "share": quotient(float64(within), len(list)+missed),
	}
}

func ratingsOf(cycles []cycle) figures {
	resolved, rated, sum := 0, 0, 0.0
	scores := []any{0.0, 0.0, 0.0, 0.0, 0.0}
	for _, c := range cycles {
		if c.end == "resolved" {
			resolved++
		}
		if c.rating > 0 {
			rated++
			sum += float64(c.rating)
			scores[c.rating-1] = scores[c.rating-1].(float64) + 1
		}
	}
	return figures{
		"resolved": float64(resolved), "rated": float64(rated), "share": quotient(float64(rated), resolved),
		"average": quotient(sum, rated), "scores": scores,
	}
}

func volumeOf(cycles []cycle) figures {
	f := figures{"opened": 0.0, "reopened": 0.0, "resolved": 0.0, "abandoned": 0.0, "open": 0.0}
	for _, c := range cycles {
		begun := "reopened"
		if c.number == 1 {
			begun = "opened"
		}
		for _, name := range []string{begun, cmp.Or(c.end, "open")} {
			f[name] = f[name].(float64) + 1
		}
	}
	return f
}

func quotient(sum float64, n int) any {
	if n == 0 {
		return nil
	}
	return sum / float64(n)
}
