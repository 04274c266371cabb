package desk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// A page of the list and a page of a conversation's messages, as the program answers them with their record, and
// the one statement behind each in a transaction of its own. Both are measured in turns.
func BenchmarkPages(b *testing.B) {
	d := newBigDesk(b, deskSize())
	lead := d.leads[0].SignIn()
	agent := d.agents[0].SignIn()
	requester := d.requesters[0].SignIn()
	open := d.id(d.size - 1)
	for _, page := range []struct {
		name, path string
		client     *servertest.Client
		query      string
		args       []any
	}{
		{"list/lead", "/v1/conversations?limit=50", lead,
			`SELECT c.* FROM conversations c WHERE c.tenant_id = $1 AND (c.state = 'queued' OR c.department_id = $2) ORDER BY c.updated_at DESC, c.id DESC LIMIT 51`,
			[]any{d.departments[0]}},
		{"list/agent", "/v1/conversations?limit=50", agent,
			`SELECT c.* FROM conversations c WHERE c.tenant_id = $1 AND (c.state = 'queued' OR c.assignee_id = $2) ORDER BY c.updated_at DESC, c.id DESC LIMIT 51`,
			[]any{d.agents[0].ID}},
		{"list/requester", "/v1/conversations?limit=50", requester,
			`SELECT c.* FROM conversations c WHERE c.tenant_id = $1 AND c.requester_id = $2 ORDER BY c.noticed_at DESC, c.id DESC LIMIT 51`,
			[]any{d.requesters[0].ID}},
		{"messages", "/v1/conversations/" + open + "/messages", lead,
			`SELECT m.* FROM messages m WHERE m.tenant_id = $1 AND m.conversation_id = $2 ORDER BY m.seq DESC LIMIT 51`, []any{open}},
	} {
		b.Run(page.name, func(b *testing.B) {
			var whole, bare time.Duration
			for b.Loop() {
				whole += d.answered(b, page.client, page.path)
				bare += d.read(b, page.query, page.args)
			}
			b.ReportMetric(float64(whole.Microseconds())/float64(b.N)/1000, "answer-ms")
			b.ReportMetric(float64(bare.Microseconds())/float64(b.N)/1000, "query-ms")
			b.ReportMetric(whole.Seconds()/bare.Seconds(), "ratio")
		})
	}
}

// answered is how long the program takes for a page.
func (d *bigDesk) answered(b *testing.B, client *servertest.Client, path string) time.Duration {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+client.Token)
	w := httptest.NewRecorder()
	began := time.Now()
	d.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return took
}

// read is how long the database takes for the rows of a page.
func (d *bigDesk) read(b *testing.B, query string, args []any) time.Duration {
	b.Helper()
	began := time.Now()
	rows := 0
	err := d.DB.Read(b.Context(), d.tenant.ID, func(tx *store.Tx) error {
		found, err := tx.Query(b.Context(), query, args...)
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			rows++
		}
		return found.Err()
	})
	if err != nil || rows == 0 {
		b.Fatalf("%d rows, %v", rows, err)
	}
	return time.Since(began)
}

// How many conversations a second the dispatcher gives to agents who have room for all of them, at one desk and
// at eight at once. Each claim is written with tenure, line, event and record.
func BenchmarkAssign(b *testing.B) {
	for _, tenants := range []int{1, 8} {
		b.Run(fmt.Sprint(tenants), func(b *testing.B) {
			n, sum := 0, 0.0
			for b.Loop() {
				n, sum = n+1, sum+assignAll(b, tenants, 4000/tenants)
			}
			b.ReportMetric(sum/float64(n), "assigned/s")
		})
	}
}

// assignAll lets a queue of so many conversations at each desk run empty.
func assignAll(b *testing.B, desks, waiting int) (perSecond float64) {
	b.Helper()
	server, superuser := newBench(b, servertest.RunLive)
	var all []*bigDesk
	for i := range desks {
		d := &bigDesk{Server: server, superuser: superuser, size: waiting, waiting: true}
		d.hire(b, fmt.Sprint("desk", i))
		all = append(all, d)
	}
	all[0].inTables(b, func(conn *pgx.Conn) {
		for _, d := range all {
			d.copyAgents(b, conn, "online")
			d.copyConversations(b, conn)
			d.copyCycles(b, conn)
		}
	})
	for _, d := range all {
		d.Desk.Happened(d.tenant.ID) // what was copied has told nobody
	}
	return rate(b, superuser, desks*waiting)
}

// rate waits for so many tenures and returns how many began in a second.
func rate(b *testing.B, superuser string, n int) float64 {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	for {
		var begun int
		var micros int64
		err := conn.QueryRow(b.Context(), `SELECT count(*), coalesce(max(started_at) - min(started_at), 0) FROM tenures`).Scan(&begun, &micros)
		if err != nil {
			b.Fatal(err)
		}
		if begun == n {
			return float64(n) / (time.Duration(micros) * time.Microsecond).Seconds()
		}
		<-time.After(200 * time.Millisecond)
	}
}
