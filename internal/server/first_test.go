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
	eachFirst(t, servesTheFirst)
}

// eachFirst runs f on both databases as the first version has left them, with their key.
func eachFirst(t *testing.T, f func(t *testing.T, place server.Place)) {
	t.Helper()
	with := func(t *testing.T, d store.Dialect, place server.Place) {
		key, err := seal.NewKey(storetest.FirstKey(t, d))
		if err != nil {
			t.Fatal(err)
		}
		if err := key.WriteFile(filepath.Join(place.Data, "master.key")); err != nil {
			t.Fatal(err)
		}
		f(t, place)
	}
	t.Run("sqlite", func(t *testing.T) {
		with(t, store.SQLite, server.Place{Data: filepath.Dir(storetest.FirstSQLite(t))})
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.FirstPostgres(t)
		with(t, store.PostgreSQL, server.Place{Data: t.TempDir(), Postgres: application, PostgresOwner: owner})
	})
}

func servesTheFirst(t *testing.T, place server.Place) {
	t.Helper()
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
