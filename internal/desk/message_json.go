package desk

import (
	"context"
	"maps"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

type messageJSON struct {
	ID          string               `json:"id"`
	Seq         int64                `json:"seq" doc:"In the reader's own numbering; the requester's has no gaps"`
	Kind        string               `json:"kind" enum:"text,file,system,note,whisper"`
	Author      api.OrNull[named]    `json:"author" doc:"Null for the desk itself"`
	AuthorFace  string               `json:"author_face" enum:"requester,agent,supervisor,system"`
	Text        string               `json:"text" doc:"Of a file: what was said to it; empty for a system line"`
	Code        string               `json:"code,omitempty" doc:"Of a system line: what happened"`
	Details     map[string]string    `json:"details,omitempty" doc:"Of a system line: ids and words from fixed vocabularies"`
	Names       map[string]string    `json:"names,omitempty" doc:"Of the people in details, by id"`
	File        api.OrNull[FileJSON] `json:"file" doc:"That it carries; null for none"`
	Listener    api.OrNull[named]    `json:"listener" doc:"Of a whisper: the assignee of that time; null for all else"`
	Mentions    []named              `json:"mentions,omitempty" doc:"Of a note"`
	ClientMsgID string               `json:"client_msg_id,omitempty" doc:"For the author alone"`
	CreatedAt   time.Time            `json:"created_at"`
}

// mentioned is what messages refer to.
type mentioned struct {
	people people
	files  map[string]Attachment
}

// json is the message as the reader sees it.
func (m *Message) json(r reader, in mentioned) messageJSON {
	out := messageJSON{
		ID: m.ID, Seq: r.seq(m), Kind: string(m.Kind), Author: in.people.person(m.Author), AuthorFace: string(m.AuthorFace),
		Text: m.Body, File: in.file(m.File), Listener: in.people.person(m.Listener), CreatedAt: m.CreatedAt,
	}
	if m.Kind == System {
		details := m.detailsFor(r)
		out.Text, out.Code, out.Details, out.Names = "", m.Body, details, in.people.within(details)
	}
	for _, id := range m.Mentions {
		out.Mentions = append(out.Mentions, named{id, in.people[id]})
	}
	if m.Author == r.user {
		out.ClientMsgID = m.ClientID
	}
	return out
}

// behindDetails are those details of public lines that say how the desk runs, as tenures do: by which way an
// agent came to the conversation, that it was over their limit, and why it was taken from them.
var behindDetails = []string{"how", "forced", "reason"}

// detailsFor are the details of a system line as the reader sees them.
func (m *Message) detailsFor(r reader) Details {
	if !r.requester {
		return m.Details
	}
	shown := maps.Clone(m.Details)
	for _, name := range behindDetails {
		delete(shown, name)
	}
	return shown
}

// file is null for "".
func (in mentioned) file(id string) (out api.OrNull[FileJSON]) {
	if f, found := in.files[id]; found {
		j := f.JSON()
		out.Value = &j
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

// mentionedIn looks up everybody in the messages and every file that they carry.
func mentionedIn(ctx context.Context, tx *store.Tx, messages ...Message) (in mentioned, err error) {
	var users, files []string
	for _, m := range messages {
		users = append(append(users, m.Author, m.Listener), m.Mentions...)
		for _, value := range m.Details {
			users = append(users, value)
		}
		if m.File != "" {
			files = append(files, m.File)
		}
	}
	if in.people, err = findPeople(ctx, tx, users); err != nil || files == nil {
		return in, err
	}
	in.files, err = findAttachments(ctx, tx, files)
	return in, err
}
