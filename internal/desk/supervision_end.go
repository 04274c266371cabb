package desk

import (
	"context"
	"slices"

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

// settleSupervisions ends the supervisions that changes of conversations leave without an object: all of a
// conversation when nobody has anything to do in it any more, and that of whoever has come to hold it.
func (all edits) settleSupervisions(ctx context.Context) error {
	var ids []string
	for _, e := range all {
		if e.ended() || e.newHolder() != "" {
			ids = append(ids, e.now.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	open, err := supervisionsOf(ctx, all[0].tx, ids...)
	if err != nil {
		return err
	}
	for _, v := range open {
		if err := all.of(v.Conversation).settleSupervision(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) settleSupervision(ctx context.Context, v Supervision) error {
	switch {
	case e.ended():
		return e.endBySystem(ctx, v, endConversation)
	case v.User == e.newHolder():
		return e.endBySystem(ctx, v, endAssigned)
	}
	return nil
}

// ended tells whether nobody has anything to do in the conversation any more since the change.
func (e *edit) ended() bool { return e.before.State.Open() && !e.now.State.Open() }

// newHolder is who has come to hold the conversation by the change; "" for nobody.
func (e *edit) newHolder() string {
	if holder := e.now.holder(); holder != e.before.holder() {
		return holder
	}
	return ""
}

// sweepSupervisions ends the supervisions of those who lost the permission that their mode needs. What they
// may hear is asked at each delivery as well; this takes them off the list of those who watch.
func (s *Service) sweepSupervisions(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, s.lostSupervisions, (*edit).endLost)
}

// lostSupervisions are the conversations with an open supervision whose supervisor lacks a permission.
func (s *Service) lostSupervisions(ctx context.Context, tx *store.Tx) (lost []string, err error) {
	compiled, err := s.policySeen(ctx, tx)
	if err != nil {
		return nil, err
	}
	open, err := readSupervised(ctx, tx)
	for _, v := range open {
		if !v.allowed(compiled, &v.of, tx) {
			lost = append(lost, v.Conversation)
		}
	}
	return slices.Compact(lost), err
}

// endLost ends those of one conversation. Each has a record of its own.
func (e *edit) endLost(ctx context.Context) (audit.Act, error) {
	compiled, err := e.service.policyNow(ctx, e.tx)
	if err != nil {
		return none, err
	}
	open, err := supervisionsOf(ctx, e.tx, e.now.ID)
	if err != nil {
		return none, err
	}
	for _, v := range open {
		if v.allowed(compiled, &e.now, e.tx) {
			continue
		}
		if err := e.endBySystem(ctx, v, endPermission); err != nil {
			return none, err
		}
	}
	return none, nil
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
