package storetest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/store/storetest"
)

func TestPostgresURLNamesALiveServerAsSuperuser(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())

	var superuser bool
	row := conn.QueryRow(t.Context(), `SELECT usesuper FROM pg_user WHERE usename = current_user`)
	if err := row.Scan(&superuser); err != nil || !superuser {
		t.Fatalf("superuser = %v, %v; tests make databases and roles", superuser, err)
	}
}
