package audit_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// outcomes are what each of several calls heard of its record.
type outcomes struct {
	mu  sync.Mutex
	all map[string]error // by record id
}

// recordAll records calls at once, and returns when all have been answered.
func (o *office) recordAll(calls []*api.Call) map[string]error {
	heard := outcomes{all: map[string]error{}}
	var wg sync.WaitGroup
	for _, call := range calls {
		wg.Go(func() {
			err := o.audit.Record(o.t.Context(), call)
			heard.mu.Lock()
			defer heard.mu.Unlock()
			heard.all[call.ID] = err
		})
	}
	wg.Wait()
	return heard.all
}

// agree fails the test unless exactly the calls that heard nothing bad have a record.
func (o *office) agree(heard map[string]error, tenants ...string) {
	o.t.Helper()
	kept := map[string]int{}
	for _, tenant := range tenants {
		for _, r := range o.records(tenant) {
			kept[r.ID]++
		}
	}
	for id, err := range heard {
		want := 0
		if err == nil {
			want = 1
		}
		if kept[id] != want {
			o.t.Errorf("%s heard %v and has %d records", id, err, kept[id])
		}
	}
}

func TestCommitterKeepsTheRecordsOfACrowd(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var calls []*api.Call
		for i := range 1500 { // more than two batches
			call := o.call("ask", []string{"chief", "clerk", "nobody"}[i%3])
			call.Caller.Tenant = []string{"acme", "globex", "platform"}[i/3%3]
			calls = append(calls, call)
		}
		heard := o.recordAll(calls)
		for id, err := range heard {
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
		}
		o.agree(heard, "acme", "globex", "platform")
		for _, call := range calls {
			if !call.Recorded {
				t.Fatal("a call does not know that it has its record")
			}
		}
	})
}

func TestBadRecordTakesNoOtherWithIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		first := o.call("ask", "chief")
		o.recordAll([]*api.Call{first})

		var calls []*api.Call
		for range 50 {
			calls = append(calls, o.call("ask", "chief"))
		}
		again := o.call("ask", "chief")
		again.ID = first.ID
		homeless := o.call("sign-in", "")
		homeless.Trail = "nowhere"
		calls = slices.Insert(calls, 25, homeless)

		var heard map[string]error
		var duplicate error
		done := make(chan struct{})
		o.hold(func() { // so that they meet in one batch
			var started sync.WaitGroup
			started.Add(2)
			go func() {
				defer close(done)
				var wg sync.WaitGroup
				wg.Go(func() { started.Done(); duplicate = o.audit.Record(t.Context(), again) })
				wg.Go(func() { started.Done(); heard = o.recordAll(calls) })
				wg.Wait()
			}()
			started.Wait()
		})
		<-done
		if duplicate == nil || errors.Is(duplicate, store.ErrUnavailable) || !errors.Is(heard[homeless.ID], store.ErrReference) {
			t.Errorf("the bad ones heard %v and %v", duplicate, heard[homeless.ID])
		}
		for _, call := range calls {
			if call != homeless && heard[call.ID] != nil {
				t.Errorf("a good one heard %v", heard[call.ID])
			}
		}
		o.agree(heard, "acme", "platform")
	})
}

// hold runs f while the tenant's row is locked, and with it, on SQLite, every writer.
func (o *office) hold(f func()) {
	o.t.Helper()
	err := o.db.Write(o.t.Context(), "acme", func(tx *store.Tx) error {
		_, err := tx.Exec(o.t.Context(), `UPDATE tenants SET epoch = epoch WHERE tenant_id = $1`)
		f()
		return err
	})
	if err != nil {
		o.t.Error(err)
	}
}

func TestEverybodyHearsOfADatabaseThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		if err := o.db.Close(); err != nil {
			t.Fatal(err)
		}
		var calls []*api.Call
		for range 100 {
			calls = append(calls, o.call("ask", "chief"))
		}
		for id, err := range o.recordAll(calls) {
			if err == nil {
				t.Errorf("%s was recorded nowhere", id)
			}
		}
		for _, call := range calls {
			if call.Recorded {
				t.Fatal("a call believes that it has its record")
			}
		}
		if w := o.do("acme/chief", "POST", "/v1/ask", `{"tenant":"acme"}`); w.Code != 503 || w.Header().Get("Audit-Record") != "" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
}

func TestStopWritesWhatWaitsAndRefusesTheRest(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var calls []*api.Call
		for range 1200 {
			calls = append(calls, o.call("ask", "chief"))
		}
		var heard map[string]error
		var wg sync.WaitGroup
		wg.Go(func() { heard = o.recordAll(calls) })
		wg.Go(o.audit.Stop)
		wg.Go(o.audit.Stop)
		wg.Wait()
		o.agree(heard, "acme")
		if err := o.audit.Record(t.Context(), o.call("ask", "chief")); err == nil {
			t.Error("a record was taken after the end")
		}
	})
}

func TestServiceStartsAndStopsInAnyOrder(t *testing.T) {
	for name, steps := range map[string][]func(*office){
		"never started": {stop},
		"twice":         {start, start, stop, stop},
		"too late":      {stop, start, stop},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t))
			for _, step := range steps {
				step(o)
			}
			if err := o.audit.Record(t.Context(), o.call("ask", "chief")); err == nil {
				t.Error("a record was taken after the end")
			}
		})
	}
}

func start(o *office) { o.audit.Start() }
func stop(o *office)  { o.audit.Stop() }

func TestWhatWaitsBeforeTheStartIsWritten(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	var calls []*api.Call
	for range 10 {
		calls = append(calls, o.call("ask", "chief"))
	}
	var heard map[string]error
	var wg sync.WaitGroup
	wg.Go(func() { heard = o.recordAll(calls) })
	o.audit.Start()
	wg.Wait()
	o.audit.Stop()
	if bad := fmt.Sprint(heard[calls[0].ID]); bad != "<nil>" {
		t.Error(bad)
	}
	o.agree(heard, "acme")
}
