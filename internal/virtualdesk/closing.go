package virtualdesk

import (
	"context"
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

// endConversations has agents and requesters end what is still open: nobody will come back for it.
func (d *desk) endConversations(ctx context.Context) (err error) {
	for _, p := range d.requesters {
		if p.sight == nil {
			continue
		}
		for _, c := range p.sight.where(func(c *conversation) bool { return !c.over() && c.State != "resolved" }) {
			how := "resolve"
			if c.State == "queued" {
				how = "leave"
			}
			if gone := p.change(ctx, c, how, nil); gone != nil {
				err = errors.Join(err, fmt.Errorf("ending %v: %w", c, gone))
			}
		}
	}
	return err
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
