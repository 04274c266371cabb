package policy_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// records returns which version of the policy each call has seen, as its records say, and what is wrong with
// these. Who has been shut out is nobody: what they ask is in the trail of the platform.
func (c *contest) records(answers []*servertest.Answer) (seen []int64, problem string) {
	ids := map[string]int{}
	found := make([][]trail.Record, len(answers))
	for i, a := range answers {
		ids[a.Header.Get("X-Request-Id")] = i
	}
	for _, tenant := range []string{c.ID, "platform"} {
		for _, r := range newest(c.t, c.s, tenant) {
			if i, ours := ids[r.Context.Request]; ours {
				found[i] = append(found[i], r)
			}
		}
	}
	for i, a := range answers {
		if len(found[i]) == 0 || len(found[i]) > 1 && a.Status >= 400 || found[i][0].Outcome.Code != a.Status || found[i][0].Outcome.Reason != a.Code() {
			return nil, fmt.Sprintf("the answer %d %s has the records %+v", a.Status, a.Code(), found[i])
		}
		version, err := strconv.ParseInt(found[i][0].Action.Policy, 10, 64)
		if err != nil {
			version = 1 << 40 // seen by nobody
		}
		seen = append(seen, version)
	}
	return seen, ""
}

// newest are some of the last records in a trail.
func newest(t *testing.T, s *servertest.Server, tenant string) (found []trail.Record) {
	t.Helper()
	err := s.DB.Read(t.Context(), tenant, func(tx *store.Tx) error {
		bodies, err := store.Collect(t.Context(), tx, func(row store.Row) (body []byte, err error) {
			return body, row.Scan(&body)
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 ORDER BY b.id DESC LIMIT 30`)
		for _, body := range bodies {
			r, broken := trail.Parse(body)
			if broken != nil {
				return broken
			}
			found = append(found, r)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
