package server_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// A PostgreSQL that stands still, or a line on which nothing arrives any more, keeps nobody waiting for good: requests are
// refused in the time that an answer has, readiness says so, and afterwards everything goes on.
func TestPostgreSQLMayHang(t *testing.T) {
	_, application := storetest.PostgresURLs(t)
	proxy := clustertest.Between(t, application)
	o := newOrdeal(t, servertest.Run(t, open(t, proxy.URL+"&statement_timeout=500")))
	proxy.Hang()
	o.down(t) // which would never end without a deadline
	o.Client().Do("GET", "/readyz", nil).Expect(503)
	proxy.Restore()
	clustertest.Eventually(t, "it goes on, on the connections that there were", func() bool { return o.create(t) == 201 })
	o.whole(t, true)
}
