package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

type messageJSON struct {
	ID          string            `json:"id"`
	Seq         int64             `json:"seq" doc:"In the reader's own numbering; the requester's has no gaps"`
	Kind        string            `json:"kind" enum:"text,file,system,note,whisper"`
	Author      api.OrNull[named] `json:"author" doc:"Null for the desk itself"`
	AuthorFace  string            `json:"author_face" enum:"requester,agent,supervisor,system"`
	Text        string            `json:"text"`
	Code        string            `json:"code,omitempty" doc:"Of a system line: what happened"`
	Details     map[string]string `json:"details,omitempty" doc:"Of a system line: ids and words from fixed vocabularies"`
	Names       map[string]string `json:"names,omitempty" doc:"Of the people in details, by id"`
	Listener    api.OrNull[named] `json:"listener" doc:"Of a whisper: the assignee of that time; null for all else"`
	Mentions    []named           `json:"mentions,omitempty" doc:"Of a note"`
	ClientMsgID string            `json:"client_msg_id,omitempty" doc:"For the author alone"`
	CreatedAt   time.Time         `json:"created_at"`
}

// json is the message as the reader sees it.
func (m *Message) json(r reader, names people) messageJSON {
	out := messageJSON{
		ID: m.ID, Seq: r.seq(m), Kind: string(m.Kind), Author: names.person(m.Author), AuthorFace: string(m.AuthorFace),
		Text: m.Body, Listener: names.person(m.Listener), CreatedAt: m.CreatedAt,
	}
	if m.Kind == System {
		out.Text, out.Code, out.Details, out.Names = "", m.Body, m.Details, names.within(m.Details)
	}
	for _, id := range m.Mentions {
		out.Mentions = append(out.Mentions, named{id, names[id]})
	}
	if m.Author == r.user {
		out.ClientMsgID = m.ClientID
	}
	return out
}

// within are the names of those whom a system line is about.
func (p people) within(details Details) map[string]string {
	found := map[string]string{}
	for _, value := range details {
		if name, isPerson := p[value]; isPerson {
			found[value] = name
		}
	}
	return found
}

// peopleIn are the names of everybody in the messages.
func peopleIn(ctx context.Context, tx *store.Tx, messages ...Message) (people, error) {
	var ids []string
	for _, m := range messages {
		ids = append(append(ids, m.Author, m.Listener), m.Mentions...)
		for _, value := range m.Details {
			ids = append(ids, value)
		}
	}
	return findPeople(ctx, tx, ids)
}
