package virtualdesk

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// messages asks for everything that the person may read in a conversation, in order.
func (p *person) messages(ctx context.Context, conversation string) (items []json.RawMessage, err error) {
	for after := int64(0); ; {
		var got struct {
			Items []json.RawMessage `json:"items"`
		}
		query := url.Values{"after": {strconv.FormatInt(after, 10)}, "limit": {"200"}}
		path := "/v1/conversations/" + conversation + "/messages?" + query.Encode()
		if err := p.insist(ctx, request{method: "GET", path: path, into: &got}); err != nil {
			return nil, err
		}
		if len(got.Items) == 0 {
			return items, nil
		}
		var last message
		if err := json.Unmarshal(got.Items[len(got.Items)-1], &last); err != nil {
			return nil, err
		}
		items, after = append(items, got.Items...), last.Seq
	}
}

// checkConversations looks at every conversation of the run: its row, its tenures, and what was said in it as the
// administrator, who sees all, and its requester see it.
func (d *desk) checkConversations(ctx context.Context) {
	var mu sync.Mutex // guards all
	var all []history
	err := each(d.tally.all(), func(id string) error {
		h, err := d.history(ctx, id)
		if err != nil {
			return err
		}
		d.checkTenures(&h)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, h)
		return d.checkMessages(ctx, &h)
	})
	if err != nil {
		d.broke(lost, "a conversation that was acknowledged cannot be read: %v", err)
	}
	d.checkLimits(all)
	d.checkOrder(all)
	d.learned.learn(d, all)
}

// history reads a conversation and who held it.
func (d *desk) history(ctx context.Context, id string) (h history, err error) {
	var raw json.RawMessage
	if err := d.auditor.insist(ctx, request{method: "GET", path: "/v1/conversations/" + id, into: &raw}); err != nil {
		return h, err
	}
	if h.conversation, err = readConversation(raw); err != nil {
		return h, err
	}
	d.judge(d.auditor, &h.conversation)
	h.tenures, err = d.tenures(ctx, id)
	return h, err
}

// checkMessages looks for what was acknowledged and is not there, and for numbers that are missing.
func (d *desk) checkMessages(ctx context.Context, h *history) error {
	for _, reader := range []*person{d.admin, d.requester(idOf(h.Requester))} {
		if reader == nil {
			continue
		}
		there := map[string]bool{}
		items, err := reader.messages(ctx, h.ID)
		if err != nil {
			return err
		}
		for i, item := range items {
			var m message
			if err := json.Unmarshal(item, &m); err != nil {
				return err
			}
			if m.Seq != int64(i)+1 {
				d.broke(seqGap, "%s reads message %d of %v as number %d", reader, m.Seq, &h.conversation, i+1)
			}
			d.judgeSecrecy(reader, h.ID, &m)
			d.ledger.seen(reader, h.ID, &m, time.Time{})
			there[m.Text] = true
		}
		d.checkLost(reader, h, there)
	}
	return nil
}

// checkLost looks for what was acknowledged among what a reader is shown.
func (d *desk) checkLost(reader *person, h *history, there map[string]bool) {
	for _, e := range d.ledger.of(h.ID) {
		shown := e.kind == "text" || reader.part != asRequester
		if shown && !there[e.text] {
			d.broke(lost, "%s does not find the %s of %s in %v: %q", reader, e.kind, e.author, &h.conversation, e.text)
		}
	}
}

func (d *desk) requester(id string) *person {
	for _, p := range d.requesters {
		if p.id == id {
			return p
		}
	}
	return nil
}
