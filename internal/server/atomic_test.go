package server_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// An operation whose record cannot be written has not happened: the answer is 503, and nothing has
// changed but what counts and logs the tries to sign in.
func TestNothingHappensWithoutItsRecord(t *testing.T) {
	t.Parallel()
	db, file := openRaw(t)
	w := newWalk(t, servertest.Run(t, db))
	for _, op := range w.s.API.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			s := samples[op.ID]
			client := w.chiefFor(s)
			w.spares[client] = sessionOf(client)
			if s.caller = client.User; s.kind == "conversation" {
				s.caller.Online(100)
			}
			if prepare := prepared[op.ID]; prepare != nil {
				s.body = func(*walk, target) any { return prepare(w, client) }
			}
			at := s.make(t, w, w.ours, w.ours.departments[0])
			body := any(nil)
			if s.body != nil {
				body = s.body(w, at) // made once: what it prepares must be there before
				s.body = func(*walk, target) any { return body }
			}
			file.run(fmt.Sprintf(`
				CREATE TRIGGER full BEFORE INSERT ON audit_bodies WHEN NEW.event = '%s'
				BEGIN SELECT RAISE(ABORT, 'there is no room for a record'); END`, op.Event))
			defer file.run(`DROP TRIGGER full`)
			before := file.content()
			s.call(t, w, client, op, at).Refused(503, "unavailable")
			if diff := cmp.Diff(before, file.content()); diff != "" {
				t.Errorf("it happened all the same (-before +after):\n%s", diff)
			}
		})
	}
}

// chiefFor is somebody who may do everything where the operation belongs.
func (w *walk) chiefFor(s sample) *servertest.Client {
	if s.kind == "tenant" {
		return w.staff[0].client
	}
	return w.ours.NewUser(w.name("chief"), nil, "admin").SignIn()
}

// prepared are the bodies of operations that succeed for anybody, with what they need.
var prepared = map[string]func(*walk, *servertest.Client) any{
	"auth-login": func(w *walk, _ *servertest.Client) any {
		return object{"tenant": w.ours.Slug, "username": "admin", "password": servertest.Password}
	},
	"auth-login-otp": func(w *walk, _ *servertest.Client) any {
		user := w.ours.NewUser(w.name("user"), nil, "auditor")
		return object{"challenge": user.Challenge(), "code": user.Code()}
	},
	"auth-login-enrol": func(w *walk, _ *servertest.Client) any {
		return object{"challenge": w.ours.NewUserWithoutFactor(w.name("user"), nil, "auditor").Challenge()}
	},
	"auth-step-up": func(_ *walk, c *servertest.Client) any { return object{"code": c.User.Code()} },
	"me-second-factor-confirm": func(_ *walk, c *servertest.Client) any {
		secret := c.Do("POST", "/v1/me/second-factor/enrol", object{"password": servertest.Password}).Expect(200).String("secret")
		another := servertest.User{User: c.User.User, Tenant: c.User.Tenant, Secret: secret}
		return object{"code": another.UsedCode()}
	},
	"me-second-factor-remove": func(w *walk, c *servertest.Client) any {
		c.SignIn(w.ours.NewUser(w.name("user"), nil, "clerk")) // a role that demands no second factor
		return nil
	},
	"auth-password": func(*walk, *servertest.Client) any {
		return object{"current": servertest.Password, "new": "another horse battery staple"}
	},
	"password-link-redeem": func(w *walk, c *servertest.Client) any {
		user := w.ours.NewUser(w.name("user"), nil)
		link := c.Do("POST", "/v1/users/"+user.ID+"/password-link", nil).Expect(201).String("link")
		return object{"link": link, "password": "another horse battery staple"}
	},
}

// rawFile is a database as others than Usher see it.
type rawFile struct {
	t    *testing.T
	path string
}

// openRaw opens an empty database, and its file.
func openRaw(t *testing.T) (*store.DB, *rawFile) {
	t.Helper()
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, &rawFile{t: t, path: path}
}

func (f *rawFile) run(statement string) {
	f.t.Helper()
	f.open(func(db *sql.DB) error {
		_, err := db.ExecContext(f.t.Context(), statement)
		return err
	})
}

func (f *rawFile) open(use func(*sql.DB) error) {
	f.t.Helper()
	db, err := sql.Open("sqlite", f.path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		f.t.Fatal(err)
	}
	defer db.Close()
	if err := use(db); err != nil {
		f.t.Fatal(err)
	}
}

// aside are the tables of what is counted and logged whatever becomes of it: tries to sign in, and in the
// trail what a sample reads before.
var aside = []string{
	"sign_ins", "sign_in_failures", "sign_in_tries", "sign_in_brakes", "factor_failures", "audit_bodies", "audit_personal", "audit_targets",
	"presences", // that somebody is there is renewed as they ask, and nobody is told
}

// content is every row of every other table.
func (f *rawFile) content() (rows []string) {
	f.t.Helper()
	f.open(func(db *sql.DB) error {
		tables, err := f.rows(db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if slices.Contains(aside, table) {
				continue
			}
			found, err := f.rows(db, `SELECT * FROM "`+table+`"`)
			if err != nil {
				return err
			}
			for _, row := range found {
				rows = append(rows, table+": "+row)
			}
		}
		return nil
	})
	return rows
}

// rows are the rows of a query, each as one text.
func (f *rawFile) rows(db *sql.DB, query string) (texts []string, err error) {
	rows, err := db.QueryContext(f.t.Context(), query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		texts = append(texts, strings.Trim(fmt.Sprint(values), "[]"))
	}
	return texts, rows.Err()
}
