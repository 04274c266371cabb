package virtualdesk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// How the desk comes to rest.
const (
	stillFor   = 3 * time.Second  // nobody is told anything for so long
	restWithin = 90 * time.Second // and that happens within so long
)

// comeToRest brings everybody back to their connections, waits until nothing happens any more, and looks at
// what is left.
func (d *desk) comeToRest(ctx context.Context) {
	for _, p := range d.everybody() {
		p.connect()
	}
	d.awaitStillness(ctx)
	d.tell("at rest; looking at %d conversations", len(d.tally.all()))
	_ = each(d.everybody(), func(p *person) error { d.checkView(ctx, p); return nil }) // what it finds, it notes
	d.checkStreams()
	d.checkLoads(ctx)
	d.checkWaiting(ctx)
	d.checkConversations(ctx)
}

// awaitStillness waits until nobody has been told anything for a while.
func (d *desk) awaitStillness(ctx context.Context) {
	until := time.Now().Add(restWithin)
	for time.Now().Before(until) {
		last := d.began
		for _, p := range d.everybody() {
			if at := p.sight.lastChange(); at.After(last) {
				last = at
			}
		}
		if time.Since(last) >= stillFor {
			return
		}
		pause(ctx, stillFor-time.Since(last))
	}
	d.broke(neverAtRest, "nobody does anything, and %v later people are still told something new", restWithin)
}

// eventually repeats a comparison until it finds nothing, or finds something for too long: streams may lag
// behind what is there, for a moment.
func (d *desk) eventually(ctx context.Context, i Invariant, compare func() (difference string, err error)) bool {
	until := time.Now().Add(d.config.Lag)
	for {
		difference, err := compare()
		if err != nil {
			difference = err.Error()
		}
		if difference == "" {
			return true
		}
		if time.Now().After(until) {
			d.broke(i, "%s", difference)
			return false
		}
		pause(ctx, time.Second)
	}
}

// checkStreams asks everybody's connections whether what they were told was in order.
func (d *desk) checkStreams() {
	for _, p := range d.everybody() {
		been := p.been()
		if been.Gaps > 0 {
			d.broke(seqGap, "the streams of %s had %d gaps", p, been.Gaps)
		}
		if been.Repetitions > 0 {
			d.broke(seqRepeated, "the streams of %s told %d events again", p, been.Repetitions)
		}
	}
}

// checkView compares what a person was told by their streams with what they are told when they ask.
func (d *desk) checkView(ctx context.Context, p *person) {
	same := d.eventually(ctx, viewDiffers, func() (string, error) {
		there, err := p.look(ctx)
		if err != nil {
			return "", err
		}
		return differ(fmt.Sprintf("the list of %s, %s", p, p.whereabouts(p.listName())), there, p.sight.raws())
	})
	if !same {
		return
	}
	for _, t := range p.sight.kept() {
		if !d.eventually(ctx, viewDiffers, func() (string, error) { return p.compareTranscript(ctx, t.conversation) }) {
			return // one is enough to know, and each takes its time
		}
	}
}

// look asks for the person's list.
func (p *person) look(ctx context.Context) (map[string]json.RawMessage, error) {
	items, err := p.list(ctx, "/v1/conversations", p.listed())
	there := map[string]json.RawMessage{}
	for _, item := range items {
		c, err := readConversation(item)
		if err != nil {
			return nil, err
		}
		there[c.ID] = item
	}
	return there, err
}

// listed is the filter of the list that the person's stream is about.
func (p *person) listed() url.Values {
	if p.part == asRequester {
		return url.Values{"requester": {"me"}}
	}
	return url.Values{}
}

// compareTranscript compares what was heard of a conversation with what is asked for.
func (p *person) compareTranscript(ctx context.Context, conversation string) (string, error) {
	items, err := p.messages(ctx, conversation)
	if refusedAs(err, "not_found", "out_of_scope") {
		return "", nil // it is no longer theirs; the stream's end may be under way
	}
	if err != nil {
		return "", err
	}
	heard := map[string]json.RawMessage{}
	for _, t := range p.sight.kept() {
		if t.conversation == conversation {
			for i, m := range t.said {
				heard[m.ID] = t.raw[i]
			}
		}
	}
	there := map[string]json.RawMessage{}
	for _, item := range items {
		var m message
		if err := json.Unmarshal(item, &m); err != nil {
			return "", err
		}
		there[m.ID] = item
	}
	return differ(fmt.Sprintf("%s in %s, %s", p, conversation, p.whereabouts(conversationStream+conversation)), there, heard)
}
