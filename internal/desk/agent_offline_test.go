package desk_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// While an agent gives everything back somebody gives them something more, which has not been committed when they look
// at what they have, and has when they are to be set offline: they give that back too, and are told nothing of it.
func TestWhoGivesEverythingBackIsGivenNothingMeanwhile(t *testing.T) {
	_, application := storetest.PostgresURLs(t)
	db, err := store.OpenPostgres(t.Context(), application)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	f := still(t, servertest.Run(t, db))
	agent := f.agent("li", 5, nil)
	first, second := f.ask(f.NewUser("wang", nil, "user"), "", "", 0), ""
	f.settle()
	second = f.ask(f.NewUser("zhao", nil, "user"), "", "", 0)
	client, answers := agent.SignIn(), make(chan *servertest.Answer)
	err = f.DB.Write(t.Context(), f.ID, func(tx *store.Tx) error {
		if err := f.Desk.Give(t.Context(), tx, second, agent.ID); err != nil {
			return err
		}
		go func() {
			answers <- client.Do("PUT", "/v1/me/agent", object{"status": "offline", "release": true})
		}()
		clustertest.Eventually(t, "they wait for who gives", func() bool {
			return one[int](f, `
				SELECT count(*)
				FROM pg_stat_activity s
				JOIN tenants t ON t.tenant_id = $1
				WHERE s.datname = current_database() AND s.wait_event_type = 'Lock'`) > 0
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := (<-answers).Expect(200).String("status"); status != "offline" {
		t.Errorf("they are %s", status)
	}
	for _, c := range []string{first, second} {
		if holder := f.holder(c); holder != "" {
			t.Errorf("%s is held by %q", c, holder)
		}
	}
}
