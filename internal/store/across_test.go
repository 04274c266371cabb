package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// A span that has left a tenant is outside again.
func TestSpanEntersOneTenantAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		newTenant(t, db, "t2")
		err := db.AcrossRead(t.Context(), store.TenantLookUp, func(s *store.Span) error {
			for _, tenant := range []string{"t1", "t2"} {
				err := s.In(t.Context(), tenant, func(tx *store.Tx) error {
					found, err := store.Collect(t.Context(), tx, store.Text, names)
					if diff := cmp.Diff([]string{tenant}, found); diff != "" {
						t.Error(diff)
					}
					return err
				})
				if err != nil {
					return err
				}
			}
			failure := errors.New("no")
			if err := s.In(t.Context(), "t1", func(*store.Tx) error { return failure }); !errors.Is(err, failure) {
				t.Error(err)
			}
			slugs, err := store.CollectAcross(t.Context(), s, store.Text, `SELECT t.slug FROM tenants t ORDER BY t.slug`)
			if diff := cmp.Diff([]string{"platform", "t1", "t2"}, slugs); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestSpanTellsOfWhatItCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		told := 0
		for _, failure := range []error{errors.New("no"), nil} {
			err := db.Across(t.Context(), store.Installation, func(s *store.Span) error {
				s.AfterCommit(func() { told++ })
				return failure
			})
			if !errors.Is(err, failure) {
				t.Error(err)
			}
		}
		if told != 1 {
			t.Errorf("told %d times of one commit", told)
		}
	})
}

func TestWorkAcrossTenantsIsOnTheList(t *testing.T) {
	db := storetest.SQLite(t)
	for _, w := range []store.Work{-1, 0, store.EndOfWork} {
		if err := db.Across(t.Context(), w, func(*store.Span) error { return nil }); err == nil {
			t.Errorf("work %d spans tenants", w)
		}
	}
}
