package virtualdesk

import (
	"context"
	"math/rand/v2"
	"time"
)

// Chances of what requesters do.
const (
	leaves      = 0.08 // the queue, when it takes too long
	addsMore    = 0.1  // to a question that still waits
	saysSolved  = 0.25 // instead of another reply
	rates       = 0.6
	reopens     = 0.12
	mostReplies = 4
)

// arrivals has requesters come with a conversation, at random and on average as often as the desk is told.
func (d *desk) arrivals(ctx context.Context, asking *crew) {
	dice := d.dice(1)
	for n := uint64(0); pause(ctx, wait(dice, time.Duration(float64(time.Minute)/d.config.Arrivals))); n++ {
		by := d.requesters[dice.IntN(len(d.requesters))]
		r := &asker{person: by, dice: d.dice(1_000_000 + n)}
		asking.goes(func() { r.run(ctx) })
	}
}

// wait is a random time: those of a Poisson process, no longer than many times the average.
func wait(dice *rand.Rand, average time.Duration) time.Duration {
	return min(time.Duration(dice.ExpFloat64()*float64(average)), 10*average)
}

// asker is a requester with one conversation.
type asker struct {
	*person
	dice *rand.Rand

	conversation string
	reopened     bool
	stays        time.Time // until when they wait in the queue; zero for as long as it takes
}

// run asks, and then does what the requester of a conversation does until it is over.
func (a *asker) run(ctx context.Context) {
	if !a.ask(ctx) {
		return
	}
	a.follow(a.conversation)
	defer a.putsAway()
	if a.dice.Float64() < leaves {
		a.stays = time.Now().Add(wait(a.dice, 4*a.desk.config.Pace))
	}
	for {
		if !a.think(ctx) {
			return
		}
		c := a.sight.row(a.conversation)
		if c == nil {
			continue // its row has not come yet
		}
		if !a.turn(ctx, c) {
			return
		}
	}
}

// think waits for a while.
func (a *asker) think(ctx context.Context) bool {
	return pause(ctx, wait(a.dice, a.desk.config.Pace))
}

// mostFollowed is how many conversations requesters go on following once they are done with them; the server
// does not take any number.
const mostFollowed = 30

// putsAway leaves the conversation, unless there is room for it to be followed to the end.
func (a *asker) putsAway() {
	if len(a.sight.kept()) > mostFollowed {
		a.unfollow(a.conversation)
	}
}

// created is the answer to a new conversation.
type created struct {
	ID string `json:"id"`
}

// ask begins a conversation.
func (a *asker) ask(ctx context.Context) bool {
	subject := pick(a.dice, questions)
	e := a.desk.ledger.draft("", a.person, "text", subject)
	skill := a.desk.skills[a.dice.IntN(len(a.desk.skills))]
	var got created
	err := a.insist(ctx, request{method: "POST", path: "/v1/conversations", into: &got, body: map[string]any{
		"skill": skill.ID, "subject": subject, "text": e.text, "client_msg_id": e.mark,
	}})
	if err != nil {
		a.desk.surprise(a.person, err)
		return false
	}
	a.conversation = got.ID
	a.desk.ledger.acknowledge(e, got.ID)
	a.desk.tally.asked(got.ID)
	return true
}

// turn does the next thing; false when there is none any more.
func (a *asker) turn(ctx context.Context, c *conversation) bool {
	switch c.State {
	case "queued":
		return a.waits(ctx, c)
	case "active", "on_hold":
		a.talks(ctx, c)
	case "parked":
		a.surprised(a.say(ctx, c.ID, "text", pick(a.dice, replies)))
	case "resolved":
		return a.concludes(ctx, c)
	}
	return !c.over()
}

func (a *asker) waits(ctx context.Context, c *conversation) bool {
	switch {
	case !a.stays.IsZero() && time.Now().After(a.stays):
		a.surprised(a.change(ctx, c, "leave", nil))
	case a.dice.Float64() < addsMore:
		a.surprised(a.say(ctx, c.ID, "text", pick(a.dice, replies)))
	}
	return true
}

// talks replies to an answer, or says that it has helped.
func (a *asker) talks(ctx context.Context, c *conversation) {
	heard := a.sight.speech(c.ID)
	switch {
	case heard.last != "agent":
	case a.dice.Float64() < saysSolved || heard.requests > mostReplies:
		a.surprised(a.change(ctx, c, "resolve", nil))
	default:
		a.surprised(a.say(ctx, c.ID, "text", pick(a.dice, replies)))
	}
}

// concludes rates the help, or asks again.
func (a *asker) concludes(ctx context.Context, c *conversation) bool {
	switch roll := a.dice.Float64(); {
	case roll < reopens && !a.reopened:
		a.reopened = true
		if roll < reopens/2 {
			a.surprised(a.change(ctx, c, "reopen", nil))
		} else {
			a.surprised(a.say(ctx, c.ID, "text", pick(a.dice, replies)))
		}
		return true
	case roll < rates:
		a.surprised(a.do(ctx, request{method: "POST", path: "/v1/conversations/" + c.ID + "/rating", version: c.Version,
			body: map[string]any{"score": 1 + a.dice.IntN(5), "reasons": []string{}, "text": ""}}))
	}
	return false
}

func (a *asker) surprised(err error) { a.desk.surprise(a.person, err) }
