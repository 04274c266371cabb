package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// supervising is what a supervisor wants: to be in a mode, and perhaps to say something in it.
type supervising struct {
	mode   Mode
	reason string
	draft  draft // without text: nothing
}

// supervised is what came of it.
type supervised struct {
	said
	supervision Supervision
}

// superviseBy brings the caller's supervision into a mode and says what they have to say in it. One
// request does both, so that nobody whispers into a conversation that another supervisor has taken up
// meanwhile.
func (s *Service) superviseBy(ctx context.Context, by *caller.Caller, id string, want supervising) (out supervised, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		out = supervised{}
		c, err := s.edit(ctx, tx, id, func(e *edit) error {
			if err := e.maySupervise(by, want.mode); err != nil {
				return err
			}
			return e.speakUp(ctx, by, want, &out)
		})
		if err != nil {
			return err
		}
		api.Touched(ctx, "conversation", id)
		return s.concludePost(ctx, tx, by, &c, &out.said)
	})
	return out, err
}

// speakUp changes the mode and speaks, unless the message is sent again.
func (e *edit) speakUp(ctx context.Context, by *caller.Caller, want supervising, out *supervised) (err error) {
	enter := func(ctx context.Context, by *caller.Caller, m Message) (Message, error) {
		v, before, err := e.supervise(ctx, by.User, want.mode, want.reason)
		if err != nil {
			return m, err
		}
		noteSupervision(ctx, v, before, want.reason)
		out.supervision = v
		return e.sayAs(ctx, v.Mode, m)
	}
	out.message, out.again, err = e.once(ctx, by, want.draft, enter)
	if err == nil && out.again {
		out.supervision, err = findSupervision(ctx, e.tx, e.now.ID, by.User)
	}
	return err
}

// sayAs says something in a mode: to the assignee, or to everybody. An empty message is none.
func (e *edit) sayAs(ctx context.Context, mode Mode, m Message) (Message, error) {
	if m.Body == "" {
		return m, nil
	}
	m.AuthorFace = AsSupervisor
	if mode == Whispering {
		if m.Listener = e.now.holder(); m.Listener == "" {
			return m, errNobodyListens
		}
		return e.say(ctx, m)
	}
	e.now.AnsweredAt = e.tx.Now
	if err := e.cycleAnswered(ctx); err != nil {
		return m, err
	}
	return e.say(ctx, m)
}

// noteSupervision tells the record what became of the supervision. Why is a person's own text.
func noteSupervision(ctx context.Context, v Supervision, before Mode, reason string) {
	api.Changed(ctx, "supervision", before.terms(), v.Mode.terms())
	api.ChangedPrivately(ctx, "reason", "", reason)
}
