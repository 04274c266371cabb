package access_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/usher-desk/usher/access"
)

// A question with an unknown name has no answer, whoever asks: neither allow
// nor a deny that more rights would lift.
func TestUnknownNamesAreErrors(t *testing.T) {
	var book access.Book
	book.Put(compiled())
	for _, test := range []struct{ tenant, subject, resource, action, scope, kind string }{
		{"nowhere", "admin", "conversation", "read", "own", "tenant"},
		{"", "admin", "conversation", "read", "own", "tenant"},
		{"acme", "nobody", "conversation", "read", "own", "subject"},
		{"acme", "", "conversation", "read", "own", "subject"},
		{"acme", "admin", "parcel", "read", "own", "resource"},
		{"acme", "admin", "*", "*", "all", "resource"},
		{"acme", "admin", "conversation", "*", "all", "action"},
		{"acme", "admin", "report", "view", "all", "action"},
		{"acme", "gone", "report", "view", "all", "action"},
		{"acme", "admin", "conversation", "read", "everything", "scope"},
		{"acme", "admin", "conversation", "read", "*", "scope"},
		{"acme", "admin", "conversation", "read", "ALL", "scope"},
	} {
		var unknown *access.UnknownError
		held, err := book.Holds(test.tenant, test.subject, test.resource, test.action, test.scope, noon)
		if held || !errors.As(err, &unknown) || unknown.Kind != test.kind {
			t.Errorf("holds %v: %t, %v", test, held, err)
		}
		if test.kind == "scope" {
			continue
		}
		d, err := book.Check(test.tenant, test.subject, test.resource, test.action, conversation(), noon)
		if d.Allow || !errors.As(err, &unknown) || unknown.Kind != test.kind {
			t.Errorf("check %v: %+v, %v", test, d, err)
		}
		if (unknown.Kind == "tenant" || unknown.Kind == "subject") && unknown.Nearest != nil {
			t.Errorf("%v names others: %v", test, err)
		}
	}
}

func TestHoldsByNamesAsksForOwn(t *testing.T) {
	var book access.Book
	book.Put(compiled())
	for scope, want := range map[string]bool{"": true, "own": true, "unassigned": true, "department": false, "all": false} {
		if got := must(book.Holds("acme", "agent", "conversation", "read", scope, noon)); got != want {
			t.Errorf("scope %q: %t", scope, got)
		}
	}
}

func TestBookReplacesAndForgets(t *testing.T) {
	var book access.Book
	if _, found := book.Snapshot("acme"); found {
		t.Error("found in an empty book")
	}
	book.Remove("acme")
	other := compiled(func(t *access.Tenant) { t.ID = "other" })
	first, second := compiled(), compiled(func(t *access.Tenant) { t.Suspended = true })
	book.Put(first, other)
	book.Put(second)
	if s, _ := book.Snapshot("acme"); s != second {
		t.Error("an old snapshot is current")
	}
	book.Remove("acme")
	if _, err := book.Check("acme", "admin", "conversation", "read", conversation(), noon); err == nil {
		t.Error("a tenant that was removed is answered for")
	}
	if s, _ := book.Snapshot("other"); s != other {
		t.Error("another tenant was removed")
	}
}

// Readers and writers meet: every answer must be that of some snapshot that
// was put, and a tenant that stays is always found.
func TestBookIsAskedWhileItChanges(t *testing.T) {
	var book access.Book
	with := compiled()
	without := compiled(func(t *access.Tenant) { user(t, "admin").PermissionList = []access.Permission{} })
	book.Put(with)
	var wait sync.WaitGroup
	for writer := range 2 {
		wait.Go(func() {
			for i := range 200 {
				come := compiled(func(t *access.Tenant) { t.ID = fmt.Sprint(writer, i%5) })
				book.Put(come)
				book.Put(without)
				book.Put(with)
				book.Remove(come.TenantID())
			}
		})
	}
	for range 2 {
		wait.Go(func() {
			for range 2000 {
				d, err := book.Check("acme", "admin", "conversation", "read", conversation(), noon)
				if err != nil || !d.Allow && d.Reason != access.NoPermission {
					t.Errorf("%+v, %v", d, err)
				}
			}
		})
	}
	wait.Wait()
}
