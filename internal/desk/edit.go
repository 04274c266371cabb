package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// edit is one change of one conversation, which is locked until the transaction ends. What is done to now
// is stored at the end, together with what was said.
type edit struct {
	service *Service
	tx      *store.Tx
	before  Conversation // as it stood; the zero value for a new one
	now     Conversation

	changed  bool // more than messages: the version grows
	openly   bool // and so does the one that the requester knows
	noticed  bool // the requester may notice it
	anything bool // something is to be stored
	told     bool // who follows the conversation is to look again, although it is the same

	gathered *gathered // with other edits; nil when what is added is written at once
}

// edit runs f on a conversation as it stands in the transaction, and stores what f made of it. The record
// of the change is the caller's to append, last.
func (s *Service) edit(ctx context.Context, tx *store.Tx, id string, f func(e *edit) error) (Conversation, error) {
	all, err := s.lockAll(ctx, tx, []string{id})
	if err != nil {
		return Conversation{}, err
	}
	if len(all) == 0 {
		return Conversation{}, fault.ErrNotFound
	}
	if err := f(all[0]); err != nil {
		return Conversation{}, err
	}
	err = all.finish(ctx)
	return all[0].now, err
}

// move brings the conversation into a state. Who holds it is not settled here, but by give and release.
func (e *edit) move(to State) {
	e.now.State = to
	e.change(true)
}

// change notes that the conversation itself is another one than before, and whether its requester may
// notice that.
func (e *edit) change(noticed bool) {
	e.changed, e.anything = true, true
	e.openly, e.noticed = e.openly || noticed, e.noticed || noticed
}

// tell has whoever follows the conversation look again at what stands beside it.
func (e *edit) tell() { e.told = true }

// say adds a message of somebody, with the next numbers.
func (e *edit) say(ctx context.Context, m Message) (Message, error) {
	heading := ""
	if m.File != "" {
		f, err := attachFile(ctx, e.tx, e.now.ID, m.Author, m.File)
		if err != nil {
			return m, err
		}
		heading = f.Name + "\n"
	}
	m, err := e.add(ctx, m, m.public())
	if err != nil || m.Kind == Whisper { // between two: what it says must not be found by others
		return m, err
	}
	return m, addWords(ctx, e.tx, e.now.ID, heading+m.Body, m.public())
}

// line adds a system line. A public one is shown to the requester too.
func (e *edit) line(ctx context.Context, code string, public bool, details Details) error {
	_, err := e.add(ctx, Message{Kind: System, AuthorFace: AsSystem, Body: code, Details: details}, public)
	return err
}

func (e *edit) add(ctx context.Context, m Message, public bool) (Message, error) {
	e.now.LastSeq++
	m.ID, m.Seq, m.CreatedAt = store.NewID(e.tx.Now), e.now.LastSeq, e.tx.Now
	if public {
		e.now.PublicSeq++
		m.PublicSeq = e.now.PublicSeq
		e.noticed = true
	}
	e.anything = true
	return m, e.insertMessage(ctx, m)
}

// keep stores the conversation.
func (e *edit) keep(ctx context.Context) error {
	if e.changed {
		e.now.Version++
	}
	if e.openly {
		e.now.NoticedVersion++
	}
	if e.changed || e.noticed {
		e.now.UpdatedAt = e.tx.Now
	}
	if e.noticed {
		e.now.NoticedAt = e.tx.Now
	}
	if err := e.now.store(ctx, e.tx); err != nil {
		return err
	}
	return e.cycleMoved(ctx)
}
