package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// none is the record of what was not done.
var none audit.Act

// changeEach changes the conversations that find lists, each in a transaction of its own that ends with the record
// of the change. By then somebody may have been faster: change looks again, and returns none when there is
// nothing to do any more.
func (s *Service) changeEach(ctx context.Context, tenant string,
	find func(context.Context, *store.Tx) ([]string, error), change func(*edit, context.Context) (audit.Act, error),
) error {
	var ids []string
	err := s.config.DB.Read(ctx, tenant, func(tx *store.Tx) (err error) {
		ids, err = find(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error { return s.changeOne(ctx, tx, id, change) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) changeOne(ctx context.Context, tx *store.Tx, id string, change func(*edit, context.Context) (audit.Act, error)) error {
	act := none
	_, err := s.edit(ctx, tx, id, func(e *edit) (err error) {
		act, err = change(e, ctx)
		return err
	})
	if err != nil || act.Event == "" {
		return err
	}
	return s.config.Audit.AppendAct(ctx, tx, act)
}

// act is the record of a change of state that the desk makes by itself.
func (e *edit) act(event string) audit.Act {
	act := audit.Act{Op: trail.Job, Event: event, Targets: []trail.Ref{{Type: "conversation", ID: e.now.ID}}}
	act.Change.Values("state", []string{string(e.before.State)}, []string{string(e.now.State)})
	return act
}

// acted is act after a change that may have failed.
func (e *edit) acted(event string, err error) (audit.Act, error) {
	if err != nil {
		return none, err
	}
	return e.act(event), nil
}
