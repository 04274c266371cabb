package server_test

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// What the first version has left is served by this one: somebody signs in with the password of then.
func TestADatabaseOfTheFirstVersionIsServed(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		servesTheFirst(t, store.SQLite, server.Place{Data: filepath.Dir(storetest.FirstSQLite(t))})
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.FirstPostgres(t)
		servesTheFirst(t, store.PostgreSQL, server.Place{Data: t.TempDir(), Postgres: application, PostgresOwner: owner})
	})
}

func servesTheFirst(t *testing.T, d store.Dialect, place server.Place) {
	t.Helper()
	key, err := seal.NewKey(storetest.FirstKey(t, d))
	if err != nil {
		t.Fatal(err)
	}
	if err := key.WriteFile(filepath.Join(place.Data, "master.key")); err != nil {
		t.Fatal(err)
	}
	(&vault{Place: place}).serve(t, func(s *server.Server, _ *store.DB) {
		for password, want := range map[string]int{"a lamp, a kettle, a long night": 200, "a lamp, a kettle, a short night": 401} {
			request := httptest.NewRequest("POST", "/v1/auth/login", strings.NewReader(`{"tenant":"acme","username":"ann","password":"`+password+`"}`))
			request.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, request)
			if answer.Code != want {
				t.Errorf("%d, not %d: %s", answer.Code, want, answer.Body)
			}
		}
	})
}
