package server_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// sample is how the walk calls one operation so that it succeeds for who may.
type sample struct {
	kind      string                       // of the object named, in the path or the body; "" for none
	body      func(w *walk, at target) any // nil for none
	match     bool                         // the call states a version
	creates   bool                         // the object is about to exist; what is named is where
	refuses   int                          // the status for who may, where the sample is no success
	versionAt string                       // where the version is read, when not that of a fresh object
	named     bool                         // the body names our tenant: the record lies there
	visiting  bool                         // only who is inside the tenant on a visit finds anything
	spare     bool                         // the path names a session of the caller's
	headers   []string                     // pairs of name and value that the call has besides
	replaces  bool                         // it asks for the second factor of those who have one
	disarms   bool                         // it takes the caller's second factor, unless that is demanded
	state     string                       // of the conversation; queued where it is empty
	refused   refused                      // whom the desk refuses although they hold the permission
	caller    *servertest.User             // where it matters and is known
}

// target is the object that a call is about.
type target struct {
	kind, id  string
	user      string // whose session it is
	requester string // of a conversation that is about to exist
	code      string // of the desk's refusal of whoever is permitted; "" for none
	unready   bool   // in another state than the operation is for
	etag      string
	creates   bool
	visiting  bool
	object    func(resource string) *access.Object
}

type object = map[string]any

// samples has one entry for each operation.
var samples = map[string]sample{
	"settings-read":      {},
	"settings-update":    {match: true, versionAt: "/v1/settings", body: func(w *walk, _ target) any { return object{"name": w.name("Tenant ")} }},
	"department-list":    {},
	"department-create":  {kind: "department", creates: true, body: func(w *walk, at target) any { return object{"name": w.name("Below "), "parent": at.id} }},
	"department-read":    {kind: "department"},
	"department-update":  {kind: "department", match: true, body: func(w *walk, _ target) any { return object{"name": w.name("Renamed ")} }},
	"department-delete":  {kind: "department", match: true},
	"department-preview": {kind: "department", body: func(*walk, target) any { return object{"delete": true} }},

	"role-list": {},
	"role-create": {body: func(w *walk, _ target) any {
		return object{"name": w.name("role_"), "permissions": []string{"tag:read:all"}}
	}},
	"role-read":       {kind: "role"},
	"role-update":     {kind: "role", match: true, body: func(*walk, target) any { return object{"permissions": []string{"tag:read:all"}} }},
	"role-delete":     {kind: "role", match: true},
	"role-activate":   {kind: "role"},
	"role-deactivate": {kind: "role"},
	"role-preview":    {kind: "role", body: func(*walk, target) any { return object{"edit": object{"permissions": []string{"tag:read:all"}}} }},
	"role-holders":    {kind: "role"},
	"role-clone":      {kind: "role", body: func(w *walk, _ target) any { return object{"name": w.name("clone_")} }},

	"exclusion-list":   {},
	"exclusion-create": {body: func(w *walk, _ target) any { return object{"name": w.name("apart_"), "roles": apart} }},
	"exclusion-read":   {kind: "exclusion"},
	"exclusion-update": {kind: "exclusion", match: true, body: func(*walk, target) any {
		return object{"roles": append([]string{"agent"}, apart...), "at_most": 2}
	}},
	"exclusion-delete": {kind: "exclusion", match: true},
	"exclusion-preview": {body: func(w *walk, _ target) any {
		return object{"create": object{"name": w.name("apart_"), "roles": apart}}
	}},

	"user-list":            {},
	"user-create":          {kind: "user", creates: true, body: func(w *walk, _ target) any { return object{"username": w.name("new")} }},
	"user-read":            {kind: "user"},
	"user-update":          {kind: "user", match: true, body: func(w *walk, _ target) any { return object{"name": w.name("Renamed ")} }},
	"user-delete":          {kind: "user", match: true},
	"user-disable":         {kind: "user"},
	"user-enable":          {kind: "user"},
	"password-link-create": {kind: "user"},
	"second-factor-reset":  {kind: "user"},
	"user-roles-read":      {kind: "user"},
	"user-preview":         {kind: "user", body: func(*walk, target) any { return object{"active": false} }},
	"user-roles-preview":   {kind: "user", body: func(*walk, target) any { return object{"roles": []string{"agent"}} }},
	"users-roles-change":   {body: givenToMany},
	"users-roles-preview":  {body: givenToMany},
	"user-roles-set":       {kind: "user", match: true, body: func(*walk, target) any { return object{"roles": []string{"agent"}} }},
	"permission-list-read": {kind: "user"},
	"permission-list-set":  {kind: "user", match: true, body: func(*walk, target) any { return object{"permission_list": []string{"tag:read:all"}} }},
	"user-access":          {kind: "user"},
	"user-sign-ins":        {kind: "user"},
	"user-sessions":        {kind: "user"},
	"user-sessions-revoke": {kind: "user"},
	"user-session-revoke":  {kind: "session"},

	"user-import": {headers: []string{"Content-Type", "text/csv"}, body: func(w *walk, _ target) any {
		return "username\r\n" + w.name("brought") + "\r\n"
	}},
	"department-import": {headers: []string{"Content-Type", "text/csv"}, body: func(w *walk, _ target) any {
		return "path\r\n" + w.name("Brought ") + "\r\n"
	}},
	"role-import": {headers: []string{"Content-Type", "application/json"}, body: func(w *walk, _ target) any {
		return []object{{"name": w.name("brought_"), "permissions": []string{"tag:read:all"}}}
	}},
	"assignment-import": {headers: []string{"Content-Type", "text/csv"}, body: func(*walk, target) any {
		return "username,role\r\nagent,agent\r\n"
	}},
	"user-export":       {},
	"department-export": {},
	"role-export":       {},
	"assignment-export": {},

	"me-read":        {},
	"me-update":      {match: true, versionAt: "/v1/me", body: func(*walk, target) any { return object{"phone": "110"} }},
	"me-sign-ins":    {},
	"me-sessions":    {},
	"catalogue-read": {},

	"me-session-revoke":  {spare: true},
	"me-sessions-revoke": {},

	"realtime-ticket": {},
	"events-read":     {},
	"realtime-connect": {headers: []string{
		"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==",
	}},
	"me-second-factor":         {},
	"me-second-factor-enrol":   {replaces: true, body: func(*walk, target) any { return object{"password": servertest.Password} }},
	"me-second-factor-confirm": {refuses: 401, body: func(*walk, target) any { return object{"code": "wrong"} }},
	"me-second-factor-remove":  {refuses: 409, disarms: true},
	"me-recovery-codes":        {},

	"file-create": {headers: []string{"Content-Type", "text/plain", "Content-Disposition", `attachment; filename="log.txt"`},
		body: func(*walk, target) any { return "it does not print" }},
	"file-read": {kind: "file"},

	"access-holds": {kind: "user", body: func(_ *walk, at target) any {
		return object{"subject": at.id, "resource": "conversation", "action": "read"}
	}},
	"access-check":   {kind: "user", body: question},
	"access-explain": {kind: "user", body: question},
	"access-filter": {kind: "user", body: func(_ *walk, at target) any {
		return object{"subject": at.id, "resource": "conversation", "action": "read"}
	}},
	"access-what-can": {kind: "user", body: func(_ *walk, at target) any { return object{"subject": at.id} }},
	"access-who-can":  {body: whoCan},
	"audit-search":    {},

	"dispatch-dry-run": {kind: "department", creates: true, body: func(_ *walk, at target) any { return object{"department": at.id} }},

	"board-read":            {},
	"report-first-response": {},
	"report-waiting":        {},
	"report-resolution":     {},
	"report-ratings":        {},
	"report-volume":         {},
	"report-load":           {},
	"report-sign-ins":       {},

	"report-first-response-export": {},
	"report-waiting-export":        {},
	"report-resolution-export":     {},
	"report-ratings-export":        {},
	"report-volume-export":         {},
	"report-load-export":           {},

	"tenant-list":    {kind: "tenant", creates: true},
	"tenant-create":  {kind: "tenant", creates: true, body: newTenant},
	"tenant-read":    {kind: "tenant"},
	"tenant-update":  {kind: "tenant", match: true, body: func(w *walk, _ target) any { return object{"name": w.name("Tenant ")} }},
	"tenant-suspend": {kind: "tenant", body: because},
	"tenant-resume":  {kind: "tenant", body: because},

	"tenant-first-link":      {kind: "tenant", refuses: 409},
	"platform-settings-read": {kind: "tenant", creates: true},
	"platform-settings-update": {kind: "tenant", creates: true, match: true, versionAt: "/v1/platform/settings", body: func(w *walk, _ target) any {
		w.made++
		return object{"visit_minutes": 60 + w.made%60}
	}},
	"tenant-enter": {kind: "tenant", body: because},
	"tenant-leave": {kind: "tenant", visiting: true},
	"visit-renew":  {kind: "tenant", visiting: true},
	"visit-list":   {},

	"desk-settings-read": {},
	"desk-settings-update": {match: true, versionAt: "/v1/desk/settings", body: func(w *walk, _ target) any {
		w.made++
		return object{"first_answer_seconds": 60 + w.made}
	}},
	"skill-list":               {},
	"skill-create":             {body: func(w *walk, _ target) any { return object{"name": w.name("Skill ")} }},
	"skill-read":               {kind: "skill"},
	"skill-update":             {kind: "skill", match: true, body: func(w *walk, _ target) any { return object{"name": w.name("Renamed ")} }},
	"skill-delete":             {kind: "skill", match: true},
	"conversation-cursor":      {kind: "conversation", refused: refused{others: "not_in_conversation"}, body: func(*walk, target) any { return object{"read": 1} }},
	"supervision-list":         {kind: "conversation", refused: refused{asked: "own_conversation"}},
	"conversation-monitor":     {kind: "conversation", refused: inTalk},
	"conversation-monitor-end": {kind: "conversation"},
	"conversation-whisper":     {kind: "conversation", state: "active", refused: inTalk, body: func(*walk, target) any { return object{"text": "the walk passes by"} }},
	"conversation-barge":       {kind: "conversation", refused: inTalk, body: because},
	"conversation-transcript":  {kind: "conversation"},
	"message-list":             {kind: "conversation"},
	"message-create":           {kind: "conversation", refused: refused{asked: "requester_only_replies"}, body: func(*walk, target) any { return object{"kind": "note", "text": "the walk passes by"} }},

	"agent-list":      {},
	"agent-create":    {kind: "agent", creates: true, body: func(_ *walk, at target) any { return object{"user": at.id} }},
	"agent-read":      {kind: "agent"},
	"agent-update":    {kind: "agent", match: true, body: func(*walk, target) any { return object{"max_load": 3, "skill_tags": []string{"network"}} }},
	"agent-delete":    {kind: "agent", match: true},
	"agent-status":    {kind: "agent", body: func(*walk, target) any { return object{"status": "busy"} }},
	"me-agent-read":   {},
	"me-agent-status": {body: func(*walk, target) any { return object{"status": "online"} }},

	"tag-list":   {},
	"tag-create": {body: func(w *walk, _ target) any { return object{"name": w.name("Tag ")} }},
	"tag-update": {kind: "tag", match: true, body: func(w *walk, _ target) any { return object{"name": w.name("Renamed ")} }},
	"tag-delete": {kind: "tag", match: true},

	"canned-reply-list": {},
	"canned-reply-create": {kind: "canned_reply", creates: true, body: func(_ *walk, at target) any {
		return object{"title": "Restart", "body": "Have you tried turning it off and on again?", "department": at.id}
	}},
	"canned-reply-update": {kind: "canned_reply", match: true, body: func(*walk, target) any { return object{"title": "Reboot"} }},
	"canned-reply-delete": {kind: "canned_reply", match: true},

	"setup": {body: func(w *walk, _ target) any {
		return object{"secret": "a.b.c", "tenant": w.name("first-"), "username": "zhou", "password": "another horse battery staple"}
	}},
	"notice-list":        {},
	"notice-acknowledge": {kind: "notice"},

	"auth-login": {named: true, body: func(w *walk, _ target) any {
		return object{"tenant": w.ours.Slug, "username": "nobody", "password": "wrong horse battery staple"}
	}},
	"auth-login-otp":   {body: func(*walk, target) any { return object{"challenge": "a.b.c", "code": "000000"} }},
	"auth-login-enrol": {body: func(*walk, target) any { return object{"challenge": "a.b.c"} }},
	"auth-step-up":     {refuses: 401, body: func(*walk, target) any { return object{"code": "wrong"} }},
	"auth-refresh":     {},
	"auth-logout":      {},
	"auth-password": {refuses: 422, body: func(*walk, target) any {
		return object{"current": "wrong horse battery staple", "new": "another horse battery staple"}
	}},
	"password-link-redeem": {body: func(*walk, target) any {
		return object{"link": "a.b.c", "password": "another horse battery staple"}
	}},
}

func question(_ *walk, at target) any {
	return object{"subject": at.id, "action": "read", "object": object{
		"resource": "conversation", "id": "c1", "owners": []string{}, "assignee": nil, "assignable": true, "departments": []string{},
	}}
}

func whoCan(*walk, target) any {
	return object{"action": "read", "object": object{"resource": "conversation", "id": "c1", "assignable": true}}
}

// givenToMany names one user: what happens to several who had other roles each takes a record of its own.
func givenToMany(w *walk, _ target) any {
	return object{"users": []string{w.ours.asker.ID}, "give": []string{"auditor"}}
}

func because(*walk, target) any { return object{"reason": "the walk passes by"} }

func newTenant(w *walk, _ target) any {
	return object{"slug": w.name("made-"), "name": "Made", "preset": "it-desk", "locale": "en", "time_zone": "UTC", "admin": "zhou"}
}

// name gives what is made on the way a name of its own.
func (w *walk) name(prefix string) string {
	w.made++
	return fmt.Sprint(prefix, w.made)
}

// trail is the tenant whose trail takes the record of a call by nobody.
func (s sample) trail(w *walk) string {
	if s.named {
		return w.ours.ID
	}
	return "platform"
}

// make makes a fresh object of the sample's kind in a department of one side.
func (s sample) make(t *testing.T, w *walk, side *side, department string) target {
	switch {
	case s.kind == "user" && s.creates:
		return target{kind: "user", creates: true, object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource}
		}}
	case s.kind == "user":
		user := side.NewUser(w.name("user"), []string{department})
		return target{kind: "user", id: user.ID, etag: api.ETag(user.Version), object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: user.ID, Owners: []string{user.ID}, Departments: []string{department}}
		}}
	case s.kind == "session":
		user := side.NewUser(w.name("user"), []string{department})
		id := sessionOf(user.SignIn())
		w.trail.fresh(t) // not calls of the walk
		return target{kind: "session", id: id, user: user.ID, object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: id, Owners: []string{user.ID}, Departments: []string{department}}
		}}
	case s.kind == "file":
		return w.file(t, side, department)
	case s.kind == "notice":
		id := w.notice(t, side)
		return target{kind: "notice", id: id, object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: id}
		}}
	case s.kind == "tenant":
		return target{kind: "tenant", id: side.ID, etag: api.ETag(1), creates: s.creates, visiting: s.visiting, object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: side.ID}
		}}
	case s.kind == "department":
		id := department
		if !s.creates {
			id = side.NewDepartment(w.name("Department "), department)
		}
		return target{kind: "department", creates: s.creates, id: id, etag: api.ETag(1), object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: id, Departments: []string{id}}
		}}
	case s.kind == "skill": // who holds the permission at all holds it for every one
		return target{kind: "skill", id: w.post(t, side, "/v1/skills", object{"name": w.name("Made ")}), etag: api.ETag(1)}
	case s.kind == "conversation" && s.creates:
		return target{kind: "conversation", id: side.skills[department], creates: true}
	case s.kind == "conversation":
		m := made{side: side, department: department, state: cmp.Or(s.state, "queued")}
		if s.refused.others != "" {
			m.requester = s.caller
		}
		return w.conversation(t, m)
	case s.kind == "tag": // as above
		return target{kind: "tag", id: w.post(t, side, "/v1/tags", object{"name": w.name("Made ")}), etag: api.ETag(1)}
	case s.kind == "canned_reply":
		id, owners := department, []string(nil)
		if !s.creates {
			id = w.post(t, side, "/v1/canned-replies", object{"title": "Made", "body": "Hello", "department": department})
			owners = []string{side.admin.User.ID}
		}
		return target{kind: "canned_reply", id: id, etag: api.ETag(1), creates: s.creates, object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: id, Owners: owners, Departments: []string{department}}
		}}
	case s.kind == "agent":
		user := side.NewUser(w.name("agent"), []string{department}, "agent")
		if !s.creates {
			side.admin.Do("POST", "/v1/agents", object{"user": user.ID}).Expect(201)
			w.trail.fresh(t) // not a call of the walk
		}
		return target{kind: "agent", id: user.ID, etag: api.ETag(1), creates: s.creates, object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: user.ID, Owners: []string{user.ID}, Departments: []string{department}}
		}}
	case s.kind == "role":
		name := w.name("made_")
		side.admin.Do("POST", "/v1/roles", object{"name": name, "permissions": []string{"tag:read:all"}}).Expect(201)
		w.trail.fresh(t) // not a call of the walk
		return target{kind: "role", id: name, etag: api.ETag(1), object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: name}
		}}
	case s.kind == "exclusion":
		name := w.name("made_")
		side.admin.Do("POST", "/v1/exclusions", object{"name": name, "roles": apart}).Expect(201)
		w.trail.fresh(t) // not a call of the walk
		return target{kind: "exclusion", id: name, etag: api.ETag(1), object: func(resource string) *access.Object {
			return &access.Object{Tenant: side.ID, Resource: resource, ID: name}
		}}
	}
	return target{etag: api.ETag(1)}
}

// apart are roles that nobody in the walk has together.
var apart = []string{"auditor", "team_lead"}

// post has the administrator of a side make something, and returns its id.
func (w *walk) post(t *testing.T, side *side, path string, body object) (id string) {
	id = side.admin.Do("POST", path, body).Expect(201).String("id")
	w.trail.fresh(t) // not a call of the walk
	return id
}

// notice gives a tenant's administrators a notice, and returns its id.
func (w *walk) notice(t *testing.T, side *side) (id string) {
	err := w.s.DB.Write(t.Context(), side.ID, func(tx *store.Tx) error {
		if err := tenant.Give(t.Context(), tx, tenant.AdminLink, side.actors[0].ID); err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `SELECT max(n.id) FROM notices n WHERE n.tenant_id = $1`, nil, &id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// call sends the request.
func (s sample) call(t *testing.T, w *walk, c *servertest.Client, op *api.Operation, at target) *servertest.Answer {
	if s.spare {
		at.id = cmp.Or(w.spares[c], never)
	}
	path := strings.NewReplacer("{id}", cmp.Or(at.user, at.id), "{name}", at.id, "{sid}", at.id).Replace(op.Path)
	var body any
	if s.body != nil {
		body = s.body(w, at)
	}
	if s.versionAt != "" {
		at.etag = cmp.Or(c.Do("GET", s.versionAt, nil).ETag(), at.etag)
		w.trail.fresh(t) // not a call of the walk
	}
	headers := slices.Clone(s.headers)
	if s.match {
		headers = append(headers, "If-Match", at.etag)
	}
	return c.Do(op.Method, path, body, headers...)
}

// sessionOf is the id of the session that a client has.
func sessionOf(c *servertest.Client) string {
	var page struct {
		Items []struct {
			ID      string
			Current bool
		}
	}
	c.Do("GET", "/v1/me/sessions", nil).Expect(200).Into(&page)
	for _, item := range page.Items {
		if item.Current {
			return item.ID
		}
	}
	return ""
}

func operationIDs(t *testing.T) []string {
	var text bytes.Buffer
	if err := server.WriteOpenAPI(&text); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, methods := range doc.Paths {
		for _, op := range methods {
			ids = append(ids, op.OperationID)
		}
	}
	return ids
}
