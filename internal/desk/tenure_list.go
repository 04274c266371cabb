package desk

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type tenuresInput struct {
	ConversationPath
	api.PageInput
}

type tenureJSON struct {
	ID         string     `json:"id"`
	Agent      named      `json:"agent"`
	How        string     `json:"how" enum:"dispatch,take,assign,transfer,takeover"`
	Pass       string     `json:"pass,omitempty" doc:"Of a dispatch: by which of its passes"`
	Forced     bool       `json:"forced" doc:"Over the agent's limit"`
	EnqueuedAt time.Time  `json:"enqueued_at" doc:"When the conversation had begun to wait"`
	StartedAt  time.Time  `json:"started_at"`
	AnsweredAt *time.Time `json:"answered_at" doc:"Of the first answer"`
	EndedAt    *time.Time `json:"ended_at" doc:"Null while it lasts"`
	EndReason  string     `json:"end_reason,omitempty"`
}

// tenure is that somebody held a conversation, from when to when.
type tenure struct {
	id, agent, how, pass string
	forced               bool
	enqueued, started    time.Time
	answered, ended      time.Time
	endReason            string
}

// handleTenures shows who worked on a conversation to those who see it otherwise than as its requester.
func (s *Service) handleTenures(ctx context.Context, in *tenuresInput) (*api.PageOutput[tenureJSON], error) {
	after, err := in.After(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	var found []tenure
	var names people
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		c, err := findConversation(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := mayReadBehind(by, &c); err != nil {
			return err
		}
		if found, err = in.find(ctx, tx, after); err != nil {
			return err
		}
		names, err = findPeople(ctx, tx, agentsOf(found))
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", in.ID)
	item := func(t tenure) tenureJSON { return t.json(names) }
	key := func(t tenure) []string { return []string{strconv.FormatInt(t.started.UnixMicro(), 10), t.id} }
	return api.NewPage(ctx, in.PageInput, found, item, key, in.ID), nil
}

// mayReadBehind lets in whoever reads the conversation, except its requester.
func mayReadBehind(by *caller.Caller, c *Conversation) error {
	r, err := mayRead(by, c)
	if err == nil && r.requester {
		err = errOwnRequest
	}
	return err
}

func agentsOf(tenures []tenure) (ids []string) {
	for _, t := range tenures {
		ids = append(ids, t.agent)
	}
	return ids
}

// find returns the tenures of a page, the earliest first, one more than the limit.
func (in *tenuresInput) find(ctx context.Context, tx *store.Tx, after []string) ([]tenure, error) {
	w := tx.Where("t")
	w.And("t.conversation_id = ?", in.ID)
	if len(after) == 2 {
		started, err := strconv.ParseInt(after[0], 10, 64)
		if err != nil {
			return nil, err
		}
		w.And("(t.started_at, t.id) > (?, ?)", started, after[1])
	}
	return store.Collect(ctx, tx, scanTenure, `
		SELECT
			t.id,
			t.agent_id,
			t.how,
			t.pass,
			t.forced,
			t.enqueued_at,
			t.started_at,
			t.answered_at,
			t.ended_at,
			t.end_reason
		FROM tenures t`+w.String()+`
		ORDER BY t.started_at, t.id
		LIMIT `+w.First(in.Limit+1), w.Args()...)
}

func scanTenure(r store.Row) (tenure, error) {
	var t tenure
	var pass, reason sql.NullString
	var enqueued, started int64
	var answered, ended sql.NullInt64
	err := r.Scan(&t.id, &t.agent, &t.how, &pass, &t.forced, &enqueued, &started, &answered, &ended, &reason)
	t.pass, t.endReason = pass.String, reason.String
	t.enqueued, t.started = time.UnixMicro(enqueued).UTC(), time.UnixMicro(started).UTC()
	t.answered, t.ended = instant(answered), instant(ended)
	return t, err
}

func (t tenure) json(names people) tenureJSON {
	return tenureJSON{
		ID: t.id, Agent: names.name(t.agent), How: t.how, Pass: t.pass, Forced: t.forced, EnqueuedAt: t.enqueued,
		StartedAt: t.started, AnsweredAt: orNever(t.answered), EndedAt: orNever(t.ended), EndReason: t.endReason,
	}
}
