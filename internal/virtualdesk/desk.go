package virtualdesk

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// desk is a virtual desk: its people, and what they remember.
type desk struct {
	config    Config
	run       string // tells its people and texts from those of another run
	nodes     []*url.URL
	transport http.RoundTripper

	admin       *person
	agents      []*agent
	requesters  []*person
	lead        *lead
	auditor     *person
	skills      []skill
	departments map[string]bool // ids

	making   sync.Mutex // guards cleanUps
	cleanUps []cleanUp

	findings
	ledger   ledger
	versions versions
	tally    tally
	learned  learned
	began    time.Time
	worked   time.Duration

	life context.Context // of what goes on beside requests
	end  context.CancelFunc
}

func newDesk(c Config) (*desk, error) {
	d := &desk{
		config: c, run: strings.ToLower(rand.Text()[:6]), departments: map[string]bool{},
		transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second},
	}
	for _, base := range c.Bases {
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("%q is not an address such as https://desk.example", base)
		}
		d.nodes = append(d.nodes, u)
	}
	d.ledger = ledger{desk: d, run: d.run, entries: map[string]*entry{}}
	d.life, d.end = context.WithCancel(context.Background())
	d.admin = d.newPerson(asAdmin, c.Admin)
	return d, nil
}

// tell says something about the progress.
func (d *desk) tell(text string, args ...any) { d.config.Tell(fmt.Sprintf(text, args...)) }

// everybody are the people who follow something.
func (d *desk) everybody() (all []*person) {
	for _, a := range d.agents {
		all = append(all, a.person)
	}
	all = append(all, d.requesters...)
	if d.lead != nil {
		all = append(all, d.lead.person, d.auditor)
	}
	return all
}

// work has people come and be helped until the time is over.
func (d *desk) work(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, d.config.Duration)
	defer cancel()
	d.began = time.Now()
	var busy, asking crew
	busy.goes(func() { d.arrivals(ctx, &asking) })
	for _, a := range d.agents {
		busy.goes(func() { a.works(ctx) })
	}
	busy.goes(func() { d.lead.works(ctx) })
	busy.goes(func() { d.tempts(ctx) })
	busy.goes(func() { d.tellProgress(ctx) })
	if d.config.Disturb != nil {
		busy.goes(func() { d.config.Disturb(ctx) })
	}
	busy.wait()
	asking.wait()
	d.worked = time.Since(d.began)
}

// tempts has the auditor try now and then what auditors must not do.
func (d *desk) tempts(ctx context.Context) {
	for pause(ctx, tellEvery) {
		open := d.auditor.sight.where(func(c *conversation) bool { return !c.over() })
		if len(open) == 0 {
			continue
		}
		if err := d.auditor.change(ctx, open[0], "take", nil); err == nil {
			d.broke(auditorActs, "%s took %v", d.auditor, open[0])
		}
	}
}

// tellProgress says every now and then how it goes.
func (d *desk) tellProgress(ctx context.Context) {
	for pause(ctx, tellEvery) {
		waiting := len(d.auditor.sight.where(func(c *conversation) bool { return c.State == "queued" }))
		held := len(d.auditor.sight.where((*conversation).held))
		d.tell("%3.0f s: %s, %d waiting, %d held, %d broken invariants", time.Since(d.began).Seconds(), d.tally.progress(), waiting, held, len(d.names()))
	}
}
