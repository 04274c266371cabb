package desk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/chore"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// sweepTime is how often a node looks for files that nobody wants any more. Several nodes may look at once.
const sweepTime = time.Hour

// fileSweep is the chore.
type fileSweep struct {
	hours chore.Chore
	over  context.Context // ends a sweep that is under way
	end   context.CancelFunc
}

func newFileSweep() *fileSweep {
	over, end := context.WithCancel(context.Background())
	return &fileSweep{over: over, end: end}
}

func (w *fileSweep) start(sweep func(context.Context) error) {
	w.hours.Start(sweepTime, func() {
		if err := sweep(w.over); err != nil && w.over.Err() == nil {
			slog.Error("files could not be swept; the next try is in an hour", "cause", err)
		}
	})
}

func (w *fileSweep) stop() {
	w.end()
	w.hours.Stop()
}

// SweepFiles takes away, of every tenant, files that no message has carried for a day, and bytes as old that
// no file has: of uploads that a crash cut short. The row goes first, with the record of it. What goes wrong
// with one tenant does not keep it from the others.
func (s *Service) SweepFiles(ctx context.Context) error {
	var tenants []string
	err := s.config.DB.AcrossRead(ctx, store.FileSweep, func(span *store.Span) (err error) {
		tenants, err = store.CollectAcross(ctx, span, store.Text, `SELECT t.tenant_id FROM tenants t ORDER BY t.tenant_id`)
		return err
	})
	for _, tenant := range tenants {
		err = errors.Join(err, s.sweepLoose(ctx, tenant), s.sweepBlobs(ctx, tenant))
	}
	return err
}

// sweepLoose takes away old loose files, as many at a time as a record can name.
func (s *Service) sweepLoose(ctx context.Context, tenant string) error {
	for {
		var swept []Attachment
		err := s.config.DB.Write(ctx, tenant, func(tx *store.Tx) (err error) {
			swept, err = deleteLoose(ctx, tx, tx.Now.Add(-looseFor), trail.MaxTargets)
			if err != nil || len(swept) == 0 {
				return err
			}
			act, bytes := audit.Act{Op: trail.Job, Event: "file.sweep"}, int64(0)
			for _, f := range swept {
				act.Targets = append(act.Targets, trail.Ref{Type: "file", ID: f.ID})
				bytes += f.Size
			}
			if err := addToAll(ctx, tx, -bytes); err != nil {
				return err
			}
			return s.config.Audit.AppendAct(ctx, tx, act)
		})
		if err != nil {
			return err
		}
		for _, f := range swept {
			s.discard(ctx, f.Blob)
		}
		if len(swept) < trail.MaxTargets {
			return nil
		}
	}
}

// sweepBlobs takes away old bytes without a file. A file gets its row within minutes of its bytes.
func (s *Service) sweepBlobs(ctx context.Context, tenant string) error {
	var names []string
	for name, err := range s.config.Files.Older(ctx, tenant, s.config.DB.Now().Add(-looseFor)) {
		if err != nil {
			return err
		}
		if names = append(names, name); len(names) == trail.MaxTargets {
			if err := s.sweepUnknown(ctx, tenant, names); err != nil {
				return err
			}
			names = nil
		}
	}
	return s.sweepUnknown(ctx, tenant, names)
}

func (s *Service) sweepUnknown(ctx context.Context, tenant string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	var unknown []string
	err := s.config.DB.Read(ctx, tenant, func(tx *store.Tx) (err error) {
		unknown, err = unknownBlobs(ctx, tx, names)
		return err
	})
	if err != nil || len(unknown) == 0 {
		return err
	}
	err = s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		act := audit.Act{Op: trail.Job, Event: "blob.sweep"}
		for _, name := range unknown {
			act.Targets = append(act.Targets, trail.Ref{Type: "blob", ID: name})
		}
		return s.config.Audit.AppendAct(ctx, tx, act)
	})
	if err != nil {
		return err
	}
	for _, name := range unknown {
		s.discard(ctx, name)
	}
	return nil
}
