package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

func idsOf(list []Conversation) (ids store.Set) {
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

// heldOf are the ids of those that somebody holds.
func heldOf(list []Conversation) (ids store.Set) {
	for _, c := range list {
		if c.State.Held() {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func skillOf(c Conversation) string      { return c.Skill }
func departmentOf(c Conversation) string { return c.Department }

// The names of skills and of departments, by id.
const (
	skillNames      = "SELECT x.id, x.name FROM skills x"
	departmentNames = "SELECT x.id, x.name FROM departments x"
)

// names looks up the names of things x that the conversations refer to.
func names(ctx context.Context, tx *store.Tx, query string, list []Conversation, of func(Conversation) string) (map[string]string, error) {
	var ids store.Set
	for _, c := range list {
		ids = append(ids, of(c))
	}
	w := tx.Where("x")
	w.And("x.id IN ?", ids)
	found, err := store.Collect(ctx, tx, scanNamed, query+w.String(), w.Args()...)
	byID := map[string]string{}
	for _, n := range found {
		byID[n.ID] = n.Name
	}
	return byID, err
}

// tagsOf are the tags of conversations, by name.
func tagsOf(ctx context.Context, tx *store.Tx, conversations store.Set) (map[string][]named, error) {
	w := tx.Where("x")
	w.And("x.conversation_id IN ?", conversations)
	tags := map[string][]named{}
	err := each(ctx, tx, func(r store.Row) error {
		var conversation string
		var n named
		err := r.Scan(&conversation, &n.ID, &n.Name)
		tags[conversation] = append(tags[conversation], n)
		return err
	}, `
		SELECT x.conversation_id, t.id, t.name
		FROM conversation_tags x
		JOIN tags t ON t.tenant_id = $1 AND t.id = x.tag_id`+w.String()+`
		ORDER BY t.name_key, t.id`, w.Args()...)
	return tags, err
}

// lastSaid are the last messages of these kinds, quoted and with commas between. Behind row level security
// PostgreSQL would look for that of every conversation there is, unless it has to begin with these.
func lastSaid(ctx context.Context, tx *store.Tx, conversations store.Set, kinds string) (map[string]Message, error) {
	w := tx.Where("c")
	w.And("c.id IN ?", conversations)
	last := map[string]Message{}
	err := each(ctx, tx, func(r store.Row) error {
		m, conversation, err := scanLastSaid(r)
		last[conversation] = m
		return err
	}, `
		WITH shown AS MATERIALIZED (
			SELECT c.id, (
				SELECT n.seq
				FROM messages n
				WHERE n.tenant_id = $1 AND n.conversation_id = c.id AND n.kind IN (`+kinds+`)
				ORDER BY n.seq DESC
				LIMIT 1) AS seq
			FROM conversations c`+w.String()+`)
		SELECT s.id,`+messageColumns+`
		FROM shown s
		JOIN messages m ON m.tenant_id = $1 AND m.conversation_id = s.id AND m.seq = s.seq`, w.Args()...)
	return last, err
}

func scanLastSaid(r store.Row) (m Message, conversation string, err error) {
	m, err = scanMessage(after{r, &conversation})
	return m, conversation, err
}

// after scans a column that stands before those of another row.
type after struct {
	store.Row
	first any
}

func (a after) Scan(dest ...any) error { return a.Row.Scan(append([]any{a.first}, dest...)...) }

// waitingBefore counts, for those of the conversations that wait, how many of their skill are before them. The
// queues are gone through once, however many of the conversations stand in them.
func waitingBefore(ctx context.Context, tx *store.Tx, list []Conversation) (map[string]int64, error) {
	before, waiting := map[string]int64{}, store.Set(nil)
	for _, c := range list {
		if c.State == Queued {
			before[c.ID], waiting = 0, append(waiting, c.ID)
		}
	}
	if len(waiting) == 0 {
		return before, nil
	}
	w := tx.Where("c")
	w.And("c.id IN ?", waiting)
	return before, each(ctx, tx, func(r store.Row) error {
		var id string
		var n int64
		err := r.Scan(&id, &n)
		before[id] = n
		return err
	}, `
		WITH shown AS (
			SELECT c.id, c.skill_id
			FROM conversations c`+w.String()+`)
		SELECT p.id, p.place - 1
		FROM (
			SELECT q.id, row_number() OVER (PARTITION BY q.skill_id ORDER BY q.queued_at - q.priority * 60000000, q.id) AS place
			FROM conversations q
			WHERE q.tenant_id = $1 AND q.state = 'queued' AND q.skill_id IN (SELECT s.skill_id FROM shown s)) p
		WHERE p.id IN (SELECT s.id FROM shown s)`, w.Args()...)
}

// heldByForce tells which of the conversations are held over their agents' limits.
func heldByForce(ctx context.Context, tx *store.Tx, list []Conversation) (map[string]bool, error) {
	forced, held := map[string]bool{}, heldOf(list)
	if len(held) == 0 {
		return forced, nil
	}
	w := tx.Where("t")
	w.And("t.conversation_id IN ?", held)
	w.And("t.ended_at IS NULL AND t.forced")
	return forced, each(ctx, tx, func(r store.Row) error {
		id, err := store.Text(r)
		forced[id] = true
		return err
	}, `
		SELECT t.conversation_id
		FROM tenures t`+w.String(), w.Args()...)
}

// each runs a query and hands every row to take.
func each(ctx context.Context, tx *store.Tx, take func(store.Row) error, query string, args ...any) error {
	_, err := store.Collect(ctx, tx, func(r store.Row) (struct{}, error) { return struct{}{}, take(r) }, query, args...)
	return err
}
