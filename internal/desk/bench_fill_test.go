package desk_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// bigDesk is a tenant on PostgreSQL that has been in use for long: USHER_DESK_SIZE conversations (1,000
// unless stated), each of twenty messages, nineteen in twenty of them closed.
type bigDesk struct {
	*servertest.Server
	tenant      *servertest.Tenant
	departments []string
	leads       []*servertest.User // one of each department
	agents      []*servertest.User
	requesters  []*servertest.User
	size        int    // conversations
	waiting     bool   // all of them wait
	superuser   string // the database's address for who steps over its walls
}

const (
	deskDepartments  = 8
	deskAgents       = 60
	deskRequesters   = 40
	messagesEach     = 20
	conversationYear = 365 * 24 * time.Hour
)

func deskSize() int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("USHER_DESK_SIZE"), "1000"))
	if err != nil {
		panic("USHER_DESK_SIZE is no number")
	}
	return n
}

// newBench starts the program on an empty database of PostgreSQL; run is [servertest.Run] or, for desks that
// dispatch by themselves, [servertest.RunLive].
func newBench(b *testing.B, run func(testing.TB, *store.DB) *servertest.Server) (s *servertest.Server, superuser string) {
	b.Helper()
	owner, application := storetest.PostgresURLs(b)
	db, err := store.OpenPostgres(b.Context(), application)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return run(b, db), asSuperuser(b, owner)
}

// newBigDesk makes the people over the program and copies the rest into the tables.
func newBigDesk(b *testing.B, size int) *bigDesk {
	b.Helper()
	d := &bigDesk{size: size}
	d.Server, d.superuser = newBench(b, servertest.Run)
	d.hire(b, "big")
	d.inTables(b, func(conn *pgx.Conn) {
		d.copyAgents(b, conn, "offline")
		d.copyConversations(b, conn)
		d.copyMessages(b, conn)
	})
	return d
}

// hire makes the tenant and its people.
func (d *bigDesk) hire(b *testing.B, slug string) {
	b.Helper()
	d.tenant = d.NewTenant(slug, "it-desk")
	for i := range deskDepartments {
		department := d.tenant.NewDepartment(fmt.Sprint("Department ", i), "")
		d.departments = append(d.departments, department)
		d.leads = append(d.leads, d.tenant.NewUser(fmt.Sprint("lead", i), []string{department}, "team_lead"))
	}
	for i := range deskAgents {
		d.agents = append(d.agents, d.tenant.NewUser(fmt.Sprint("agent", i), []string{d.departments[i%deskDepartments]}, "agent"))
	}
	for i := range deskRequesters {
		d.requesters = append(d.requesters, d.tenant.NewUser(fmt.Sprint("asker", i), nil, "user"))
	}
}

func asSuperuser(b *testing.B, address string) string {
	b.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	u.User = url.User("postgres")
	return u.String()
}

// inTables copies rows around the program and its walls, and has the database look at them.
func (d *bigDesk) inTables(b *testing.B, copyAll func(conn *pgx.Conn)) {
	b.Helper()
	ctx := b.Context()
	conn, err := pgx.Connect(ctx, d.superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	began := time.Now()
	run := func(statement string) {
		if _, err := conn.Exec(ctx, statement); err != nil {
			b.Fatal(err)
		}
	}
	run("BEGIN") // dispatch sees nothing before everything is there
	copyAll(conn)
	run("COMMIT")
	for _, table := range []string{"agents", "presences", "conversations", "conversation_cycles", "messages"} {
		run("VACUUM ANALYZE " + table) // and no table that is empty: what plans are made for that would stay
	}
	var bytes int64
	if err := conn.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&bytes); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d conversations: %d MB, filled in %s", d.size, bytes>>20, time.Since(began).Round(time.Second))
}

func copyRows(b *testing.B, conn *pgx.Conn, table string, columns []string, n int, row func(i int) []any) {
	b.Helper()
	copied, err := conn.CopyFrom(b.Context(), pgx.Identifier{table}, columns,
		pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil }))
	if err != nil || copied != int64(n) {
		b.Fatalf("%s: %d of %d rows, %v", table, copied, n, err)
	}
}

// copyAgents gives everybody room for a hundred, and who is online a connection for the day.
func (d *bigDesk) copyAgents(b *testing.B, conn *pgx.Conn, status string) {
	b.Helper()
	now := time.Now().UnixMicro()
	copyRows(b, conn, "agents", []string{"tenant_id", "user_id", "status", "status_at", "current_load", "max_load", "unanswered", "version", "created_at", "updated_at"},
		len(d.agents), func(i int) []any {
			return []any{d.tenant.ID, d.agents[i].ID, status, now, 0, 100, 0, 1, now, now}
		})
	copyRows(b, conn, "presences", []string{"tenant_id", "user_id", "source", "alive_until"}, len(d.agents), func(i int) []any {
		return []any{d.tenant.ID, d.agents[i].ID, "elsewhere", now + (24 * time.Hour).Microseconds()}
	})
}

// closed tells that the i-th conversation has ended; the last ones have not.
func (d *bigDesk) closed(i int) bool { return !d.waiting && i < d.size-d.size/20 }

func (d *bigDesk) id(i int) string { return fmt.Sprintf("c%09d", i) }

// copyConversations spreads them over a year. What is open waits in the queue.
func (d *bigDesk) copyConversations(b *testing.B, conn *pgx.Conn) {
	b.Helper()
	first := time.Now().Add(-conversationYear)
	columns := []string{"tenant_id", "id", "number", "requester_id", "created_by", "skill_id", "department_id", "priority", "subject", "state",
		"assignee_id", "last_agent_id", "queued_at", "enqueued_at", "asked_at", "ended_at", "cycle", "last_seq", "public_seq", "version", "created_at", "updated_at",
		"noticed_version", "noticed_at"}
	copyRows(b, conn, "conversations", columns, d.size, func(i int) []any {
		at := first.Add(conversationYear / time.Duration(d.size) * time.Duration(i)).UnixMicro()
		who := d.requesters[i%len(d.requesters)].ID
		state, agent, ended := "queued", any(nil), any(nil)
		if d.closed(i) {
			state, agent, ended = "closed", d.agents[i%len(d.agents)].ID, at
		}
		return []any{d.tenant.ID, d.id(i), 1001 + i, who, who, "other", d.departments[i%deskDepartments], 0, phrase(i), state,
			agent, agent, at, at, at, ended, 1, messagesEach, messagesEach, 1, at, at, 1, at}
	})
	if _, err := conn.Exec(b.Context(), `UPDATE desk_positions SET last = $2 WHERE tenant_id = $1 AND stream = 'number'`, d.tenant.ID, 1000+d.size); err != nil {
		b.Fatal(err)
	}
}

func (d *bigDesk) copyCycles(b *testing.B, conn *pgx.Conn) {
	b.Helper()
	now := time.Now().UnixMicro()
	copyRows(b, conn, "conversation_cycles", []string{"tenant_id", "conversation_id", "cycle", "queued_at"}, d.size,
		func(i int) []any { return []any{d.tenant.ID, d.id(i), 1, now} })
}

func (d *bigDesk) copyMessages(b *testing.B, conn *pgx.Conn) {
	b.Helper()
	first := time.Now().Add(-conversationYear)
	columns := []string{"tenant_id", "conversation_id", "seq", "id", "public_seq", "kind", "author_id", "author_face", "body", "created_at"}
	copyRows(b, conn, "messages", columns, d.size*messagesEach, func(n int) []any {
		i, seq := n/messagesEach, n%messagesEach+1
		at := first.Add(conversationYear / time.Duration(d.size) * time.Duration(i)).UnixMicro()
		author, face := d.requesters[i%len(d.requesters)].ID, "requester"
		if seq%2 == 0 {
			author, face = d.agents[i%len(d.agents)].ID, "agent"
		}
		return []any{d.tenant.ID, d.id(i), seq, fmt.Sprintf("m%010d", n), seq, "text", author, face, phrase(n) + phrase(n/7), at}
	})
}

var phrases = []string{
	"打印机卡纸了，重启以后还是不行。", "VPN 连接超时，提示证书过期。", "电脑开机蓝屏，代码 0x0000007B。", "邮箱收不到外部邮件，已经两个小时了。",
	"The meeting room screen stays black after we plug in the laptop.", "请问新同事的账号什么时候能开通？", "已为您远程处理，请重新登录试试。",
	"Please send a picture of the message that you see.", "好的，谢谢，现在可以了。", "无线网络在三楼会议室信号很弱。",
}

// phrase is one of some sentences, the same for the same number.
func phrase(n int) string {
	return phrases[rand.New(rand.NewPCG(uint64(n), 7)).IntN(len(phrases))]
}
