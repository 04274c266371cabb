package desk

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// How says how somebody came to hold a conversation.
type How string

// The ways.
const (
	Dispatched  How = "dispatch" // the desk chose
	Taken       How = "take"     // the agent did
	Assigned    How = "assign"   // somebody gave it to the agent
	Transferred How = "transfer" // the agent before did
	TakenOver   How = "takeover" // a supervisor stepped in
)

// Pass says by which of its passes dispatch chose.
type Pass string

// claim is the wish that an agent hold a conversation.
type claim struct {
	agent  string
	how    How
	pass   Pass   // of a dispatch
	by     string // who wishes it; "" for the desk
	forced bool   // the agent's limit may be exceeded
}

// Codes of assignment.
var (
	errHeld = fault.Define(fault.Conflict, "already_assigned", "An agent works on this conversation already.", "该会话已有坐席受理。",
		"`detail` names the agent; read the conversation again.")
	errAgentFull = fault.Define(fault.Conflict, "agent_full", "The agent works on as many conversations as they may.", "该坐席已达到最大负载。",
		"Choose somebody else, or have somebody assign it who holds conversation:force_assign and says `force`.")
	errAgentAway = fault.Define(fault.Conflict, "agent_away", "The agent takes no conversations now.", "该坐席当前不接收会话。",
		"`detail` says why: they are busy, offline or not connected.")
	errAgentUnable = fault.Define(fault.Conflict, "agent_unable", "This agent cannot work on this conversation.", "该坐席无法受理此会话。",
		"`detail` says why: they are no agent, may not change it, work in other departments, or asked it themselves.")
)

// give makes the agent the assignee. The caller has been asked for their permission.
func (e *edit) give(ctx context.Context, c claim) error {
	compiled, err := e.service.policyNow(ctx, e.tx)
	if err != nil {
		return err
	}
	slots, err := lockSlots(ctx, e.tx, c.agent, e.now.holder())
	if err != nil {
		return err
	}
	return e.giveSlot(ctx, compiled, slots, c)
}

// giveSlot is give with the policy and the slots that it depends on, both as they stay until the transaction
// ends. It is the only way to become an assignee, whoever wishes it: it holds the agent to everything that must
// be true of one, takes the slot, begins the tenure and ends the one before.
func (e *edit) giveSlot(ctx context.Context, compiled *policy.Compiled, slots map[string]slot, c claim) error {
	before := e.now.holder()
	if before == c.agent {
		return errHeld.With("they hold it themselves")
	}
	if err := e.judge(ctx, compiled, slots, c); err != nil {
		return err
	}
	if before != "" {
		if err := e.endTenure(ctx, string(c.how)); err != nil {
			return err
		}
	}
	s := slots[c.agent]
	beyond := !s.free()
	s.load++
	slots[c.agent] = s
	return e.beginTenure(ctx, c, beyond)
}

// judge refuses an agent who must not hold the conversation. Whom dispatch passes over for it may still take
// it, or be given it by somebody.
func (e *edit) judge(ctx context.Context, compiled *policy.Compiled, slots map[string]slot, c claim) error {
	s, isAgent := slots[c.agent]
	if !isAgent {
		return errAgentUnable.With("they are no agent")
	}
	if err := e.available(ctx, s, c.how); err != nil {
		return err
	}
	if err := e.suitable(compiled, c.agent); err != nil {
		return err
	}
	if !s.free() && !c.forced {
		return errAgentFull.With("%d of %d", s.load, s.limit)
	}
	return nil
}

// available refuses agents who receive nothing now. Whoever acts themselves is there.
func (e *edit) available(ctx context.Context, s slot, how How) error {
	self := how == Taken || how == TakenOver
	switch {
	case s.status == Offline:
		return errAgentAway.With("they are offline")
	case s.status == Busy && !self:
		return errAgentAway.With("they are busy")
	case !s.connected && !self:
		return errAgentAway.With("they are not connected")
	case s.status == Busy:
		settings, err := loadSettings(ctx, e.tx)
		if err == nil && !settings.BusyMayTake {
			err = errAgentAway.With("busy agents take none here")
		}
		return err
	}
	return nil
}

// suitable refuses agents who could not work on the conversation if they had it: assigned to somebody
// who may not answer, nobody would.
func (e *edit) suitable(compiled *policy.Compiled, agent string) error {
	if agent == e.now.Requester {
		return errAgentUnable.With("they asked it themselves")
	}
	if !mayHold(compiled, &e.now, agent, e.tx) {
		return errAgentUnable.With("they may not change it")
	}
	return nil
}

// mayHold tells whether the agent takes conversations at all and, holding this one, might change it.
func mayHold(compiled *policy.Compiled, c *Conversation, agent string, tx *store.Tx) bool {
	subject, _ := compiled.Subject(agent)
	after := *c
	after.State, after.Assignee = Active, agent
	return takes(compiled, agent, tx.Now) && subject.Check(operation(compiled, "update"), after.object(tx.Tenant()), tx.Now).Allow
}

// operation looks up an action on conversations. A catalogue without it is not one of a desk, and nobody
// holds the zero operation.
func operation(compiled *policy.Compiled, action string) access.Operation {
	op, _ := compiled.Catalogue().Operation("conversation", action)
	return op
}

// beginTenure takes the slot and writes who holds the conversation from now on.
func (e *edit) beginTenure(ctx context.Context, c claim, beyond bool) error {
	if err := e.takeSlot(ctx, c.agent); err != nil {
		return err
	}
	e.now.Assignee, e.now.LastAgent, e.now.AssignedAt = c.agent, c.agent, e.tx.Now
	e.now.Preferred, e.now.PreferredUntil, e.now.WakeAt = "", zero, zero
	e.move(Active)
	if err := e.insertTenure(ctx, c, beyond); err != nil {
		return err
	}
	if err := e.cycleAssigned(ctx); err != nil {
		return err
	}
	details := Details{"agent": c.agent, "how": string(c.how)}
	if c.by != "" {
		details["by"] = c.by
	}
	if beyond {
		details["forced"] = strconv.FormatBool(beyond)
	}
	return e.line(ctx, "assigned", true, details)
}

// endTenure frees the slot of whoever holds the conversation. Where it goes from here is the caller's.
func (e *edit) endTenure(ctx context.Context, reason string) error {
	if err := freeSlot(ctx, e.tx, e.now.Assignee); err != nil {
		return err
	}
	return closeTenure(ctx, e.tx, e.now.ID, reason)
}

// release takes the conversation from whoever holds it, if anybody does, and brings it into a state in
// which nobody does. Outside the queue the last assignee stays written.
func (e *edit) release(ctx context.Context, to State, reason string) error {
	if holder := e.now.holder(); holder != "" {
		if _, err := lockSlots(ctx, e.tx, holder); err != nil {
			return err
		}
		if err := e.endTenure(ctx, reason); err != nil {
			return err
		}
	}
	e.now.Assignee, e.now.AssignedAt = e.now.LastAgent, zero
	if to == Queued {
		e.now.Assignee, e.now.EnqueuedAt, e.now.WakeAt = "", e.tx.Now, zero
	}
	e.move(to)
	return nil
}
