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
	return readNames(ctx, tx, query+w.String(), w.Args()...)
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
		SELECT`+messageColumns+`,
			s.id
		FROM shown s
		JOIN messages m ON m.tenant_id = $1 AND m.conversation_id = s.id AND m.seq = s.seq`, w.Args()...)
	return last, err
}

func scanLastSaid(r store.Row) (m Message, conversation string, err error) {
	m, err = scanMessage(withMore{r, []any{&conversation}})
	return m, conversation, err
}

// countedPlaces is how far a queue is counted. It says enough to whoever waits, and a page of a list costs the same
// however many wait.
const countedPlaces = 1000

// waitingBefore counts, for those of the conversations that wait, how many of their skill are before them, up to
// countedPlaces. Each queue is gone through once, however many of the conversations stand in it.
func waitingBefore(ctx context.Context, tx *store.Tx, list []Conversation) (map[string]int64, error) {
	before, queues := map[string]int64{}, map[string]bool{}
	for _, c := range list {
		if c.State == Queued {
			before[c.ID], queues[c.Skill] = countedPlaces, true
		}
	}
	for skill := range queues {
		first, err := firstOf(ctx, tx, skill)
		if err != nil {
			return nil, err
		}
		for place, id := range first {
			if _, shown := before[id]; shown {
				before[id] = int64(place)
			}
		}
	}
	return before, nil
}

// firstOf are the ids of those who wait first for a skill, "" for those who need none.
func firstOf(ctx context.Context, tx *store.Tx, skill string) ([]string, error) {
	w := tx.Where("q")
	w.And("q.state = 'queued'")
	if skill == "" {
		w.And("q.skill_id IS NULL")
	} else {
		w.And("q.skill_id = ?", skill)
	}
	return store.Collect(ctx, tx, store.Text, `
		SELECT q.id
		FROM conversations q`+w.String()+`
		ORDER BY q.queued_at - q.priority * 60000000, q.id
		LIMIT `+w.First(countedPlaces), w.Args()...)
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
