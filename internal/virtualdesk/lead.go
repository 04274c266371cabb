package virtualdesk

import (
	"context"
	"math/rand/v2"
)

// lead watches over the desk: assigns, listens, whispers, steps in.
type lead struct {
	*person
	dice *rand.Rand
}

// works has the lead do one thing after the other.
func (l *lead) works(ctx context.Context) {
	for pause(ctx, wait(l.dice, 2*l.desk.config.Pace)) {
		if l.dice.IntN(3) == 0 {
			l.assigns(ctx)
		} else {
			l.supervises(ctx)
		}
	}
}

// assigns gives a waiting conversation to somebody, now and then whether or not they have room for it.
func (l *lead) assigns(ctx context.Context) {
	waiting := l.sight.where(func(c *conversation) bool { return c.State == "queued" })
	if len(waiting) == 0 {
		return
	}
	to := l.desk.agents[l.dice.IntN(len(l.desk.agents))]
	l.surprised(l.change(ctx, waiting[l.dice.IntN(len(waiting))], "assign", map[string]any{
		"agent": to.id, "force": l.dice.IntN(4) == 0,
	}))
}

// supervises watches a conversation for a moment, and speaks in it to the agent or to both.
func (l *lead) supervises(ctx context.Context) {
	active := l.sight.where((*conversation).held)
	if len(active) == 0 {
		return
	}
	c := active[l.dice.IntN(len(active))]
	path := "/v1/conversations/" + c.ID
	if err := l.do(ctx, request{method: "POST", path: path + "/monitor", body: struct{}{}}); err != nil {
		l.surprised(err)
		return
	}
	l.follow(c.ID)
	pause(ctx, wait(l.dice, l.desk.config.Pace))
	switch l.dice.IntN(3) {
	case 0:
		l.surprised(l.speaks(ctx, c.ID, "whisper", "whisper", pick(l.dice, asides)))
	case 1:
		l.surprised(l.speaks(ctx, c.ID, "barge", "text", pick(l.dice, answersGiven)))
	}
	pause(ctx, wait(l.dice, l.desk.config.Pace))
	l.surprised(l.do(context.WithoutCancel(ctx), request{method: "DELETE", path: path + "/monitor"}))
	l.unfollow(c.ID)
}

// speaks whispers or barges, and again with the same mark until the server has answered.
func (l *lead) speaks(ctx context.Context, conversation, how, kind, text string) error {
	e := l.desk.ledger.draft(conversation, l.person, kind, text)
	err := l.insist(ctx, request{method: "POST", path: "/v1/conversations/" + conversation + "/" + how,
		body: map[string]string{"text": e.text, "client_msg_id": e.mark}})
	if err == nil {
		l.desk.ledger.acknowledge(e, conversation)
	}
	return err
}

func (l *lead) surprised(err error) { l.desk.surprise(l.person, err) }
