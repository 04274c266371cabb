package server_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// What is done from the machine stands in the trail under the names that it has over HTTP.
func TestCommandsAreOnTheRecord(t *testing.T) {
	place := server.Place{Data: t.TempDir()}
	err := server.Initialise(t.Context(), place, server.FirstTenant{
		Tenant: tenant.NewTenant{Slug: "acme", Name: "Acme", Preset: "it-desk", Locale: "en", TimeZone: "UTC"},
		Admin:  "zhou", Password: "a lamp, a kettle, a long night",
	})
	if err != nil {
		t.Fatal(err)
	}
	link, _, err := server.UserLink(t.Context(), place, "", "acme", "zhou")
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(link, "#")
	var told []string
	for _, body := range recordsAt(t, place, strings.Split(secret, ".")[0]) {
		if strings.Contains(body, secret) || strings.Contains(body, "kettle") || strings.Contains(body, "zhou") {
			t.Errorf("a secret or a name stands in %s", body)
		}
		told = append(told, tell(t, body))
	}
	want := []string{"tenant.create by system cli: tenant, user; roles [] → [admin]", "password_link.create by system cli: user"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// recordsAt are the records of a tenant's trail, in order.
func recordsAt(t *testing.T, place server.Place, tenant string) (bodies []string) {
	t.Helper()
	installation, err := place.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer installation.Close()
	err = installation.DB.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		bodies, err = store.Collect(t.Context(), tx, func(row store.Row) (string, error) {
			var body []byte
			err := row.Scan(&body)
			return string(body), err
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 ORDER BY b.id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bodies
}

// tell words a record.
func tell(t *testing.T, body string) string {
	t.Helper()
	r, err := trail.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, target := range r.Target {
		kinds = append(kinds, target.Type)
	}
	text := r.Action.Event + " by " + string(r.Actor.Type) + " " + r.Actor.ID + ": " + strings.Join(kinds, ", ")
	for f := range r.Change.All() {
		text += "; " + f.Field + " [" + strings.Join(f.Old, " ") + "] → [" + strings.Join(f.New, " ") + "]"
	}
	return text
}
