package audit_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// records are all of a tenant, oldest first, read strictly.
func (o *office) records(tenant string) []trail.Record {
	o.t.Helper()
	var all []trail.Record
	for _, body := range o.bodies(tenant) {
		r, err := trail.Parse(body)
		if err != nil {
			o.t.Fatalf("%v: %s", err, body)
		}
		all = append(all, r)
	}
	return all
}

func (o *office) bodies(tenant string) [][]byte {
	o.t.Helper()
	return collect(o, tenant, func(r store.Row) (body []byte, err error) {
		err = r.Scan(&body)
		return body, err
	}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 ORDER BY b.id`)
}

// personal is a value beside a record.
type personal struct {
	record, field, value string
	salt                 []byte
}

func (o *office) personal(tenant string) []personal {
	o.t.Helper()
	return collect(o, tenant, func(r store.Row) (p personal, err error) {
		err = r.Scan(&p.record, &p.field, &p.salt, &p.value)
		return p, err
	}, `SELECT p.record_id, p.field, p.salt, p.value FROM audit_personal p WHERE p.tenant_id = $1 ORDER BY p.record_id, p.field`)
}

func collect[T any](o *office, tenant string, scan func(store.Row) (T, error), query string) (all []T) {
	o.t.Helper()
	err := o.db.Read(context.Background(), tenant, func(tx *store.Tx) (err error) {
		all, err = store.Collect(context.Background(), tx, scan, query)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// found is a page of the search.
type found struct {
	Items []struct {
		ID       string
		Record   json.RawMessage
		Personal map[string]string
	}
	Next *string
}

func (o *office) search(token, query string) (f found) {
	o.t.Helper()
	w := o.must(http.StatusOK, token, "GET", "/v1/audit/records?"+query, "")
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil {
		o.t.Fatal(err)
	}
	return f
}

// events are those of the records found, in their order.
func (f found) events(t testing.TB) []string {
	t.Helper()
	list := []string{}
	for _, item := range f.Items {
		r, err := trail.Parse(item.Record)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r.Action.Event)
	}
	return list
}
