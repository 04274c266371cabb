package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/trail"
)

// A transaction that is repeated may find that somebody else has made the same change meanwhile.
func TestChangeThatWasMadeMeanwhileIsNotNoted(t *testing.T) {
	c := config()
	var call *api.Call
	c.Record = func(_ context.Context, ended *api.Call) error {
		call = ended
		return nil
	}
	a := api.New(c)
	op := complete()
	op.Access, op.Tenant = api.Anyone("it is a test"), api.Named
	op.Limit = api.Small
	api.Register(a, op, func(ctx context.Context, _ *named) (*struct{}, error) {
		for _, before := range []string{"active", "inactive"} {
			api.Changed(ctx, "status", []string{before}, []string{"inactive"})
			api.Changed(ctx, "roles", nil, []string{"agent"})
			api.ChangedPrivately(ctx, "name", before, "inactive")
			api.ChangedPrivately(ctx, "email", "", "a@desk.example")
		}
		return nil, nil
	})
	a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "https://desk.example/v1/roles/agent", nil))
	want := []trail.FieldChange{{Field: "roles", New: []string{"agent"}}}
	if diff := cmp.Diff(want, slices.Collect(call.Changes.All())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]api.PrivateChange{{Field: "email", After: "a@desk.example"}}, call.Private); diff != "" {
		t.Error(diff)
	}
}
