package audit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// commitments are those of a record by the place that they were made under.
func commitments(r trail.Record) map[string]trail.Commitment {
	all := map[string]trail.Commitment{}
	for name, c := range r.Context.Personal {
		all["context.personal."+name] = c
	}
	for f := range r.Change.All() {
		if f.OldCommitted != "" {
			all["change."+f.Field+".old"] = f.OldCommitted
		}
		if f.NewCommitted != "" {
			all["change."+f.Field+".new"] = f.NewCommitted
		}
	}
	return all
}

func TestPersonalValuesLieBesideTheRecordAndProveIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help desk 客服"}`)
		o.must(401, "", "POST", "/v1/sign-in", `{"tenant":"acme","username":"bob@acme.example","password":"x"}`)
		want := map[string]string{
			"context.personal.address": "203.0.113.9", "context.personal.user_agent": "Firefox",
			"context.personal.login": "bob@acme.example", "change.name.new": "Help desk 客服",
		}
		byID := map[string]trail.Record{}
		proved := 0
		for _, r := range o.records("acme") {
			byID[r.ID] = r
			proved -= len(commitments(r))
		}
		for _, p := range o.personal("acme") {
			r := byID[p.record]
			c := commitments(r)[p.field]
			if p.value != want[p.field] || !c.Matches(p.salt, r.Log, r.ID, p.field, p.value) {
				t.Errorf("%s: %q does not prove %q", p.field, p.value, c)
			}
			if c.Matches(p.salt, r.Log, r.ID, p.field, p.value+"x") {
				t.Errorf("%s proves another value too", p.field)
			}
			proved++
		}
		if proved != 0 {
			t.Errorf("%d commitments have no value beside them, or the other way round", proved)
		}
		for _, body := range o.bodies("acme") {
			for _, value := range want {
				if bytes.Contains(body, []byte(value)) {
					t.Errorf("%q stands in the record %s", value, body)
				}
			}
		}
	})
}

func TestPersonalValuesCanBeErasedAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(200, "acme/chief", "POST", "/v1/ask", `{"tenant":"acme"}`)
		o.must(201, "acme/chief", "POST", "/v1/departments", `{"name":"Help"}`)
		change := func(query string) error {
			return o.db.Write(t.Context(), "acme", func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), query)
				return err
			})
		}
		for _, refused := range []string{
			`UPDATE audit_bodies SET result = 'success' WHERE tenant_id = $1`, `DELETE FROM audit_bodies WHERE tenant_id = $1`,
			`UPDATE audit_targets SET target_id = 'x' WHERE tenant_id = $1`, `DELETE FROM audit_targets WHERE tenant_id = $1`,
			`UPDATE audit_personal SET value = 'x' WHERE tenant_id = $1`,
		} {
			if change(refused) == nil {
				t.Errorf("the trail takes %s", refused)
			}
		}
		if err := change(`DELETE FROM audit_personal WHERE tenant_id = $1`); err != nil {
			t.Errorf("personal values cannot be erased: %v", err)
		}
		if f := o.search("acme/auditor", "event=access.*"); len(f.Items) != 1 || len(f.Items[0].Personal) != 0 {
			t.Errorf("found %+v", f.Items)
		}
	})
}

// Whatever a caller sends stays out of what can never be erased, and secrets stay out of everything.
func TestNothingSentStandsInTheTrail(t *testing.T) {
	const mark = "hunter2"
	o := open(t, storetest.SQLite(t))
	o.do("", "POST", "/v1/sign-in", `{"tenant":"acme","username":"bob","password":"`+mark+`"}`)
	o.do("", "POST", "/v1/sign-in", `{"tenant":"`+mark+`","username":"bob","password":"x"}`)
	o.do("", "POST", "/v1/sign-in", `{"`+mark+`":"`+mark+`"`)
	o.do("acme/"+mark, "POST", "/v1/ask", `{"tenant":"acme"}`)
	o.do("acme/chief", "POST", "/v1/ask", `{"tenant":"`+mark+`"}`)
	o.do("acme/chief", "GET", "/v1/departments/help?q="+mark, "")
	o.do("acme/chief", "GET", "/v1/departments/help?"+mark+"=1", "")
	o.do("acme/chief", "GET", "/v1/departments/help", "", "X-Secret", mark, "Cookie", "session="+mark, "Referer", mark, "X-Request-Id", mark)
	o.do("acme/chief", "GET", "/v1/departments/help", "", "Origin", "https://"+mark)
	o.do("acme/chief", "GET", "/v1/"+mark, "")
	o.do("acme/chief", mark, "/v1/ask", "")
	o.do("acme/chief", "POST", "/v1/departments", `{"name":"`+mark+`","how":"rollback"}`)
	o.do("acme/chief", "GET", "/v1/audit/records?event="+mark+"&cursor="+mark, "")
	const agent = "Agent-" + mark
	o.do("acme/chief", "GET", "/v1/departments/help", "", "User-Agent", agent)
	o.audit.Stop()

	for _, tenant := range []string{"platform", "acme", "globex"} {
		for _, body := range o.bodies(tenant) {
			if bytes.Contains(body, []byte(mark)) {
				t.Errorf("a record holds it: %s", body)
			}
		}
		for _, id := range collect(o, tenant, store.Text, `SELECT t.target_id FROM audit_targets t WHERE t.tenant_id = $1`) {
			if strings.Contains(id, mark) {
				t.Errorf("a target holds it: %s", id)
			}
		}
		for _, p := range o.personal(tenant) {
			if strings.Contains(p.value, mark) && p.value != agent {
				t.Errorf("%s holds it: %s", p.field, p.value)
			}
		}
	}
}
