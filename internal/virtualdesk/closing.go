package virtualdesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// cleanUp is something that was made: under which path, and its id.
type cleanUp struct{ path, id string }

// close takes away what can be taken away: conversations are ended, users disabled, skills no longer
// offered, and departments deleted where nothing refers to them. Users and conversations stay in the trail.
func (d *desk) close(ctx context.Context) error {
	defer d.end()
	if d.config.Throwaway {
		d.hangUpAll()
		return nil
	}
	err := d.endConversations(ctx)
	d.hangUpAll()
	slices.Reverse(d.cleanUps)
	for _, made := range d.cleanUps {
		err = errors.Join(err, d.takeAway(ctx, made))
	}
	return err
}

func (d *desk) hangUpAll() {
	for _, p := range d.everybody() {
		p.hangUp()
	}
}

// endConversations has requesters end what is still open: nobody will come back for it. Agents go home
// before, so that nothing is given to them meanwhile.
func (d *desk) endConversations(ctx context.Context) (err error) {
	for _, a := range d.agents {
		if a.id != "" {
			err = errors.Join(err, a.becomes(ctx, "offline", "keep"))
		}
	}
	for _, p := range d.requesters {
		if p.id == "" {
			continue // the desk did not get that far
		}
		there, gone := p.look(ctx)
		err = errors.Join(err, gone)
		for _, raw := range there {
			err = errors.Join(err, p.endsOne(ctx, raw))
		}
	}
	return err
}

// endsOne ends a conversation as its requester.
func (p *person) endsOne(ctx context.Context, raw json.RawMessage) error {
	c, err := readConversation(raw)
	if err != nil || c.over() || c.State == "resolved" {
		return err
	}
	how := "resolve"
	if c.State == "queued" {
		how = "leave"
	}
	if err := p.change(ctx, &c, how, nil); err != nil {
		return fmt.Errorf("ending %v: %w", &c, err)
	}
	return nil
}

// takeAway undoes one making as far as it can be undone.
func (d *desk) takeAway(ctx context.Context, made cleanUp) error {
	one := made.path + "/" + made.id
	if made.path == "/v1/users" {
		return d.admin.insist(ctx, request{method: "POST", path: one + "/disable"})
	}
	var got struct {
		Version int64 `json:"version"`
	}
	if err := d.admin.insist(ctx, request{method: "GET", path: one, into: &got}); err != nil {
		return err
	}
	err := d.admin.do(ctx, request{method: "DELETE", path: one, version: got.Version})
	var no *refusal
	if !errors.As(err, &no) || no.Status != 409 {
		return err
	}
	if made.path == "/v1/skills" {
		return d.admin.do(ctx, request{method: "PATCH", path: one, version: got.Version, body: map[string]bool{"active": false}})
	}
	d.tell("%s stays: %s", one, no.Title)
	return nil
}
