package exchange_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// The password that people had elsewhere, weaker than one chosen here could be, and the one that they choose.
const (
	formerPassword = "hunter2"
	chosenPassword = "a quite different sentence 94"
)

// hashed is what another desk has made of the former password.
func hashed(t *testing.T, form string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(formerPassword), 5)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(hash), "$2a$", form, 1)
}

// signIn signs somebody in by name and password alone.
func signIn(s *servertest.Server, username, password string) (*servertest.Client, *servertest.Answer) {
	c := s.Client()
	a := c.Do("POST", "/v1/auth/login", map[string]any{"tenant": "acme", "username": username, "password": password})
	if a.Status == 200 {
		c.Token = a.String("access_token")
	}
	return c, a
}

// Users bring their passwords along, and the first thing that they do is to change them.
func TestImportedPasswordsAreChangedAtTheFirstSignIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		file := "username,roles,password_hash\n"
		for i, form := range []string{"$2a$", "$2b$", "$2y$"} {
			file += fmt.Sprintf("u%d,agent,%s\n", i, hashed(t, form))
		}
		file += "none,agent,\n"
		expect(t, bring(root, "users?dry_run=true", file), outcome{Rows: 4, Created: 4, Passwords: 3, DryRun: true})
		signInFails(t, s, "u0", formerPassword)
		expect(t, bring(root, "users", file), outcome{Rows: 4, Created: 4, Passwords: 3})
		signInFails(t, s, "none", formerPassword)
		signInFails(t, s, "u0", "hunter3")
		for i := range 3 {
			name := fmt.Sprint("u", i)
			c, in := signIn(s, name, formerPassword)
			if in.Expect(200).Value("user", "must_change_password") != true {
				t.Errorf("the answer does not say that the password must change: %s", in.Body)
			}
			c.Do("GET", "/v1/me", nil).Refused(403, "password_change_required")
			c.Do("POST", "/v1/auth/refresh", nil).Expect(200)
			change := func(current, next string) *servertest.Answer {
				return c.Do("POST", "/v1/auth/password", map[string]any{"current": current, "new": next})
			}
			change(formerPassword, formerPassword).Refused(422, "weak_password")
			change("hunter3", chosenPassword).Refused(422, "wrong_password")
			changed := change(formerPassword, chosenPassword).Expect(200)
			c.Token = changed.String("access_token")
			if me := c.Do("GET", "/v1/me", nil).Expect(200); me.Value("must_change_password") != false {
				t.Errorf("it has been changed: %s", me.Body)
			}
			signInFails(t, s, name, formerPassword)
			signIn(s, name, chosenPassword)
		}
		for _, hash := range hashes(t, s, acme.ID, "u0", "u1", "u2") {
			if cost, err := bcrypt.Cost([]byte(hash)); err != nil || cost != 4 {
				t.Errorf("the new password is hashed at cost %d, %v", cost, err)
			}
		}
	})
}

func signInFails(t *testing.T, s *servertest.Server, username, password string) {
	t.Helper()
	_, a := signIn(s, username, password)
	a.Refused(401, "bad_credentials")
}

func hashes(t *testing.T, s *servertest.Server, tenant string, usernames ...string) (found []string) {
	t.Helper()
	err := s.DB.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		w := tx.Where("u")
		w.And("u.username IN ?", store.Set(usernames))
		found, err = store.Collect(t.Context(), tx, store.Text, `SELECT u.password_hash FROM users u`+w.String(), w.Args()...)
		return err
	})
	if err != nil || len(found) != len(usernames) {
		t.Fatalf("%q, %v", found, err)
	}
	return found
}

// A second factor that is demanded comes during sign-in, and the password after it. A link does as well.
func TestOtherWaysToAnOwnPassword(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		hash := hashed(t, "$2b$")
		expect(t, bring(root, "users", lines("username,roles,password_hash", "eve,auditor,"+hash, "li,agent,"+hash)), outcome{Rows: 2, Created: 2, Passwords: 2})
		_, in := signIn(s, "eve", formerPassword)
		in.Refused(401, "mfa_enrolment_required")

		c, _ := signIn(s, "li", formerPassword)
		expect(t, bring(root, "users", lines("username,roles", "li,auditor")), outcome{Rows: 1, Changed: 1})
		c.Do("POST", "/v1/auth/password", map[string]any{"current": formerPassword, "new": chosenPassword}).Refused(401, "mfa_enrolment_required")
		c.Do("POST", "/v1/me/second-factor/enrol", map[string]any{"password": formerPassword}).Expect(200)
		expect(t, bring(root, "users", lines("username,roles", "li,agent")), outcome{Rows: 1, Changed: 1})

		id := idOf(t, root, "li")
		link := root.Do("POST", "/v1/users/"+id+"/password-link", nil).Expect(201).String("link")
		s.Client().Do("POST", "/v1/auth/links/redeem", map[string]any{"link": link, "password": chosenPassword}).Expect(200)
		c, _ = signIn(s, "li", chosenPassword)
		c.Do("GET", "/v1/me", nil).Expect(200)
	})
}

func idOf(t *testing.T, c *servertest.Client, username string) string {
	t.Helper()
	var page struct {
		Items []struct{ ID, Username string }
	}
	c.Do("GET", "/v1/users?q="+username, nil).Expect(200).Into(&page)
	for _, u := range page.Items {
		if u.Username == username {
			return u.ID
		}
	}
	t.Fatalf("nobody is called %s", username)
	return ""
}

// Only users whom the file makes come with a password, and only a whole hash is one.
func TestPasswordsThatAreNotTaken(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		acme.NewUser("ann", nil, "agent")
		hash := hashed(t, "$2a$")
		file := lines("username,password_hash", "ann,"+hash, "a,"+hash[:59], "b,"+strings.Replace(hash, "$05$", "$31$", 1), "c,"+formerPassword, "ann2,"+hash)
		var got outcome
		answer := bring(root, "users?dry_run=true", file).Expect(200).Into(&got)
		want := []string{"2 password_hash", "3 password_hash", "4 password_hash", "5 password_hash"}
		if found := places(t, got); !slices.Equal(found, want) {
			t.Errorf("refused are %q, want %q: %s", found, want, answer.Body)
		}
		before := hashes(t, s, acme.ID, "ann")
		refused := bring(root, "users", file).Refused(422, "bad_rows")
		for _, a := range []*servertest.Answer{answer, refused} {
			if strings.Contains(string(a.Body), hash[10:50]) || strings.Contains(string(a.Body), formerPassword) {
				t.Errorf("a refusal repeats what it refuses: %s", a.Body)
			}
		}
		if after := hashes(t, s, acme.ID, "ann"); !slices.Equal(before, after) {
			t.Error("somebody has another password")
		}
	})
}

// An administrator whose password perhaps nobody knows is not the one who must remain.
func TestAnImportedPasswordMakesNoAdministratorWhoRemains(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		only := acme.NewUser("root", nil, "admin")
		root, helper := only.SignIn(), acme.NewUser("helper", nil, "auditor")
		expect(t, bring(root, "assignments", lines("username,role,expires_at", "helper,admin,2050-01-01T00:00:00Z")), outcome{Rows: 1, Created: 1})
		by := helper.SignIn() // strong enough, and not among those who remain
		expect(t, bring(root, "users", lines("username,roles,password_hash", "boss,admin,"+hashed(t, "$2a$"))), outcome{Rows: 1, Created: 1, Passwords: 1})
		by.Do("POST", "/v1/users/"+only.ID+"/disable", nil).Refused(409, "last_administrator")
		link := root.Do("POST", "/v1/users/"+idOf(t, root, "boss")+"/password-link", nil).Expect(201).String("link")
		s.Client().Do("POST", "/v1/auth/links/redeem", map[string]any{"link": link, "password": chosenPassword}).Expect(200)
		by.Do("POST", "/v1/users/"+only.ID+"/disable", nil).Expect(200)
	})
}

// A hash lies in the user's row and nowhere else.
func TestAHashIsNowhereButWhereItIsNeeded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		log, before := &bytes.Buffer{}, slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
		defer slog.SetDefault(before)
		hash := hashed(t, "$2y$")
		marker := hash[10:50]
		file := lines("username,password_hash", "ann,"+hash)
		said := []string{}
		say := func(a *servertest.Answer) { said = append(said, string(a.Body)) }
		for _, path := range []string{"users?dry_run=true", "users", "users", "users?dry_run=true", "roles"} {
			say(bring(root, path, file))
		}
		say(bring(root, "users", lines("username,password_hash", "bob,"+hash+"x")))
		say(bringJSON(root, "users", `[{"username":"cat","password_hash":["`+hash+`"]}]`))
		for _, path := range []string{
			"/v1/exports/users", "/v1/exports/users?format=json", "/v1/users?q=ann", "/v1/users/" + idOf(t, root, "ann"), "/v1/audit/records?limit=100",
		} {
			say(root.Do("GET", path, nil).Expect(200))
		}
		said = append(said, log.String())
		err := s.DB.Read(t.Context(), acme.ID, func(tx *store.Tx) error {
			for _, query := range []string{
				`SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1`, `SELECT p.value FROM audit_personal p WHERE p.tenant_id = $1`,
			} {
				texts, err := store.Collect(t.Context(), tx, func(r store.Row) (text []byte, err error) { return text, r.Scan(&text) }, query)
				if err != nil {
					return err
				}
				said = append(said, string(bytes.Join(texts, nil)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range said {
			if strings.Contains(text, marker) {
				t.Errorf("the hash stands in %s", text)
			}
		}
		if found := hashes(t, s, acme.ID, "ann"); found[0] != hash {
			t.Error("the hash is not where it is needed")
		}
	})
}
