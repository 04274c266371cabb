package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// inTenantFlags are those of commands that work in one tenant.
type inTenantFlags struct {
	machineFlags `embed:""`
	Tenant       string `required:"" placeholder:"SLUG" help:"Short name of the tenant; platform for the platform's own people."`
}

// oneUserFlags are those of commands about one user.
type oneUserFlags struct {
	inTenantFlags `embed:""`
	User          string `arg:"" help:"Username or id."`
}

// userShown is a user as the operations show one to who may read them.
type userShown struct {
	ID, Username, Name, Email, Phone, Locale string
	Departments, Roles                       []string
	Active                                   bool
	PermissionList                           *[]string `json:"permission_list"`
	SecondFactor                             bool      `json:"second_factor"`
	HasPassword                              bool      `json:"has_password"`
	CreatedAt                                time.Time `json:"created_at"`
}

// errFound ends a list whose end nobody needs.
var errFound = errors.New("found")

// userNamed finds a user by username, or by id.
func (m *machine) userNamed(ctx context.Context, name string) (found userShown, err error) {
	if len(name) == len("00000000-0000-0000-0000-000000000000") {
		if answer, _, err := m.ask(ctx, question{method: http.MethodGet, path: at("/v1/users/%s", name)}); err == nil {
			return decoded[userShown](answer)
		}
	}
	err = m.each(ctx, "/v1/users", url.Values{"q": {name}}, func(item json.RawMessage) error {
		u, err := decoded[userShown](item)
		if err == nil && store.Fold(u.Username) == store.Fold(name) {
			found, err = u, errFound
		}
		return err
	})
	switch {
	case errors.Is(err, errFound):
		return found, nil
	case err == nil:
		err = fmt.Errorf("the tenant %s has no user %q", m.tenant, name)
	}
	return found, err
}

// onUser runs a command about one user: the operation that it stands for, and what it tells people.
func (f oneUserFlags) onUser(ctx context.Context, std streams, method, path string, people func(userShown, json.RawMessage) error) error {
	return f.onFound(ctx, std, func(m *machine, u userShown) error {
		return m.askAbout(ctx, u, question{method: method, path: at(path, u.ID)}, people)
	})
}

// onVersion changes the user as they stand: should somebody else do so meanwhile, nothing is done.
func (f oneUserFlags) onVersion(ctx context.Context, std streams, method string, body any, people func(userShown, json.RawMessage) error) error {
	return f.onFound(ctx, std, func(m *machine, u userShown) error {
		path := at("/v1/users/%s", u.ID)
		_, etag, err := m.ask(ctx, question{method: http.MethodGet, path: path})
		if err != nil {
			return err
		}
		return m.askAbout(ctx, u, question{method: method, path: path, match: etag, body: body}, people)
	})
}

// onFound runs f with the way to the tenant and the user.
func (f oneUserFlags) onFound(ctx context.Context, std streams, work func(*machine, userShown) error) error {
	return f.on(ctx, std, f.Tenant, func(m *machine) error {
		u, err := m.userNamed(ctx, f.User)
		if err != nil {
			return err
		}
		return work(m, u)
	})
}

func (m *machine) askAbout(ctx context.Context, u userShown, q question, people func(userShown, json.RawMessage) error) error {
	answer, _, err := m.ask(ctx, q)
	if err != nil {
		return err
	}
	if len(answer) == 0 { // 204
		answer = json.RawMessage(`{}`)
	}
	return m.tell(answer, func() error { return people(u, answer) })
}

// says tells one sentence about a user.
func says(std streams, sentence string) func(userShown, json.RawMessage) error {
	return func(u userShown, _ json.RawMessage) error {
		_, err := fmt.Fprintf(std.out, sentence+"\n", u.Username)
		return err
	}
}

// shows tells everything about the user of the answer.
func shows(std streams) func(userShown, json.RawMessage) error {
	return func(_ userShown, answer json.RawMessage) error { return tellUser(std, answer) }
}

func tellUser(std streams, answer json.RawMessage) error {
	u, err := decoded[userShown](answer)
	if err != nil {
		return err
	}
	list := "none: the roles decide"
	if u.PermissionList != nil {
		list = "in the place of the roles: " + strings.Join(*u.PermissionList, ", ")
	}
	return facts(std.out,
		"username", u.Username, "id", u.ID, "name", u.Name, "e-mail", u.Email, "phone", u.Phone, "locale", u.Locale,
		"active", yesOrNo(u.Active), "password", yesOrNo(u.HasPassword), "second factor", yesOrNo(u.SecondFactor),
		"roles in force", strings.Join(u.Roles, ", "), "permission list", list, "departments", strings.Join(u.Departments, ", "), "made", moment(&u.CreatedAt))
}
