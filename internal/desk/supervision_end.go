package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// Why a supervision ended.
const (
	endLeft         = "left" // by the supervisor's own wish
	endConversation = "conversation_ended"
	endAssigned     = "assigned"      // the supervisor holds the conversation now
	endPermission   = "no_permission" // the supervisor lost one that the mode needs
)

// endSupervision ends the caller's own supervision. Ending what has ended is no mistake.
func (s *Service) endSupervision(ctx context.Context, by *caller.Caller, id string) error {
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		_, err := s.edit(ctx, tx, id, func(e *edit) error {
			if err := by.Require("conversation:monitor", e.now.object(by.Tenant)); err != nil {
				return err
			}
			v, err := findSupervision(ctx, tx, id, by.User)
			if err != nil || v.ID == "" {
				return err
			}
			api.Changed(ctx, "supervision", v.Mode.terms(), nil)
			return e.unsupervise(ctx, v, endLeft)
		})
		if err != nil {
			return err
		}
		api.Touched(ctx, "conversation", id)
		return s.config.Audit.Append(ctx, tx)
	})
}

// settleSupervisions ends the supervisions that a change of the conversation leaves without an object: all
// of them when nobody has anything to do in it any more, and that of whoever has come to hold it.
func (e *edit) settleSupervisions(ctx context.Context) error {
	ended := e.before.State.Open() && !e.now.State.Open()
	holder := e.now.holder()
	if !ended && (holder == "" || holder == e.before.holder()) {
		return nil
	}
	open, err := supervisionsOf(ctx, e.tx, e.now.ID)
	if err != nil {
		return err
	}
	for _, v := range open {
		switch {
		case ended:
			err = e.endBySystem(ctx, v, endConversation)
		case v.User == holder:
			err = e.endBySystem(ctx, v, endAssigned)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sweepSupervisions ends the supervisions of those who lost the permission that their mode needs. What they
// may hear is asked at each delivery as well; this takes them off the list of those who watch.
func (s *Service) sweepSupervisions(ctx context.Context, tx *store.Tx, compiled *policy.Compiled) error {
	lost, err := lostSupervisions(ctx, tx, compiled)
	if err != nil {
		return err
	}
	for _, v := range lost { // all conversations before anything else is locked, in the order of their ids
		if _, err := lockConversation(ctx, tx, v.Conversation); err != nil {
			return err
		}
	}
	for _, v := range lost {
		_, err := s.edit(ctx, tx, v.Conversation, func(e *edit) error {
			still, err := findSupervision(ctx, tx, v.Conversation, v.User)
			if err != nil || still.ID != v.ID {
				return err
			}
			return e.endBySystem(ctx, still, endPermission)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lostSupervisions are the open ones whose supervisors lack a permission, by conversation.
func lostSupervisions(ctx context.Context, tx *store.Tx, compiled *policy.Compiled) (lost []Supervision, err error) {
	open, err := supervisionsOf(ctx, tx, "")
	if err != nil {
		return nil, err
	}
	for _, v := range open {
		c, err := findConversation(ctx, tx, v.Conversation)
		if err != nil {
			return nil, err
		}
		if !v.allowed(compiled, &c, tx) {
			lost = append(lost, v)
		}
	}
	return lost, nil
}

// allowed tells whether the supervisor holds what the mode needs.
func (v Supervision) allowed(compiled *policy.Compiled, c *Conversation, tx *store.Tx) bool {
	subject, _ := compiled.Subject(v.User)
	object := c.object(tx.Tenant())
	return subject.Check(operation(compiled, string(Monitoring)), object, tx.Now).Allow &&
		subject.Check(operation(compiled, string(v.Mode)), object, tx.Now).Allow
}

// endBySystem ends a supervision without its supervisor's wish, with a record of its own.
func (e *edit) endBySystem(ctx context.Context, v Supervision, reason string) error {
	if err := e.unsupervise(ctx, v, reason); err != nil {
		return err
	}
	act := audit.Act{Op: trail.Job, Event: "conversation.monitor_end", Targets: []trail.Ref{
		{Type: "conversation", ID: v.Conversation}, {Type: "user", ID: v.User},
	}}
	act.Change.Values("supervision", v.Mode.terms(), nil)
	act.Change.Values("reason", nil, []string{reason})
	return e.service.config.Audit.AppendAct(ctx, e.tx, act)
}
