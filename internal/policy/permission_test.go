package policy_test

import (
	"fmt"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// Of a list of nothing but unknown permissions the first are told.
func TestALongListOfUnknownPermissionsIsToldInPart(t *testing.T) {
	o := newOffice(t, servertest.Run(t, storetest.SQLite(t)))
	var unknown []string
	for n := range 60 {
		unknown = append(unknown, fmt.Sprintf("tags%d:read", n))
	}
	refused := newRole(o.root, "helper", unknown...).Refused(422, "invalid_request")
	if places, _ := refused.Value("errors").([]any); len(places) != 20 {
		t.Errorf("%d are told: %s", len(places), refused.Body)
	}
	newRole(o.root, "helper", append(unknown[:1:1], "tag:read")...).Refused(422, "invalid_request")
	newRole(o.root, "helper", "tag:read").Expect(201)
}
