package virtualdesk

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// tally counts what happened on the way.
type tally struct {
	mu            sync.Mutex // guards what follows
	conversations []string   // ids, as acknowledged
	refusals      map[string]int
	unheard       int
	surprises     int
	surprising    string // the first one
}

func (t *tally) asked(conversation string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conversations = append(t.conversations, conversation)
}

func (t *tally) refused(code string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refusals == nil {
		t.refusals = map[string]int{}
	}
	t.refusals[code]++
}

func (t *tally) progress() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("%d conversations", len(t.conversations))
}

// all are the ids of all conversations.
func (t *tally) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string{}, t.conversations...)
}

// expected are the refusals that people meet who act at the same time: somebody else was faster, or has
// left, or is full.
var expected = []string{
	"stale_version", "wrong_state", "open_conversations", "conversation_ended", "already_assigned", "agent_full", "agent_away", "agent_unable",
	"out_of_scope", "no_permission", "not_found", "not_the_assignee", "rate_limited", "voice_taken", "nobody_listens", "not_supervising",
}

// surprise notes a refusal that nobody at the desk should meet: one of the program's own mistakes.
func (d *desk) surprise(p *person, err error) {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || refusedAs(err, expected...) {
		return
	}
	d.tally.mu.Lock()
	defer d.tally.mu.Unlock()
	if errors.Is(err, errUnheard) {
		d.tally.unheard++
		return
	}
	if d.tally.surprises++; d.tally.surprises == 1 {
		d.tally.surprising = fmt.Sprintf("%s: %v", p, err)
	}
}
