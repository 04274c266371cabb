package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/access"
)

// Operation is everything that a route must say about itself. A route that leaves a field out does
// not register, and the program does not start.
type Operation struct {
	ID      string // operationId, such as "role-update"
	Method  string
	Path    string // with {parameters}
	Summary string
	Access  Access // the permission it needs, or the reason why none
	Tenant  Tenant // where the tenant comes from
	Event   string // the audit event, such as "role.update"
	Limit   Limit
	Status  int // of success; 200 unless stated
	// SameOrigin refuses browsers that come from another site: for operations that a cookie alone
	// could carry, or that set one.
	SameOrigin bool
}

// Access says who may call an operation before anything about its object is known.
type Access struct {
	permissions []string
	reason      string
	anyone      bool
}

// Needs demands the permission, resource:action, at any scope; the handler asks about the object.
// Where alternatives are named, any of them lets the caller in.
func Needs(permission string, alternatives ...string) Access {
	return Access{permissions: append([]string{permission}, alternatives...)}
}

// SignedIn lets every authenticated caller in, for the stated reason.
func SignedIn(reason string) Access { return Access{reason: reason} }

// Anyone lets callers in without authentication, for the stated reason.
func Anyone(reason string) Access { return Access{reason: reason, anyone: true} }

// Permission is the one that the operation needs first of all, "" for none.
func (a Access) Permission() string {
	if len(a.permissions) == 0 {
		return ""
	}
	return a.permissions[0]
}

// Permissions are those of which one is needed; none where the operation needs no permission.
func (a Access) Permissions() []string { return a.permissions }

// Anyone tells whether no authentication is needed.
func (a Access) Anyone() bool { return a.anyone }

// Tenant says where the tenant of an operation comes from.
type Tenant int

// The sources of a tenant.
const (
	OfCaller Tenant = iota + 1 // the signed token, and nothing else
	Named                      // the body or an opaque secret names it, as at sign-in
)

// Limit bounds what one call may send.
type Limit struct {
	Body int64         // bytes
	Read time.Duration // how long sending it may take
}

// Ordinary is the limit of an operation that takes a small JSON body or none.
var Ordinary = Limit{Body: 1 << 20, Read: 5 * time.Second}

// HighRisk tells whether a catalogue marks one of the operation's permissions as high risk.
func (o *Operation) HighRisk() bool {
	return slices.ContainsFunc(o.Access.permissions, func(permission string) bool {
		return slices.ContainsFunc(lookUp(permission), access.Operation.HighRisk)
	})
}

// problem names what the operation leaves out, "" when nothing.
func (o *Operation) problem() string {
	switch {
	case o.ID == "" || o.Method == "" || !strings.HasPrefix(o.Path, "/") || o.Summary == "":
		return "no id, method, path or summary"
	case len(o.Access.permissions) == 0 && o.Access.reason == "":
		return "no permission, and no reason why none"
	case slices.ContainsFunc(o.Access.permissions, func(p string) bool { return len(lookUp(p)) == 0 }):
		return "a permission that the catalogue does not know"
	case o.Tenant == 0:
		return "no source of the tenant"
	case (o.Tenant == Named) != o.Access.anyone:
		return "a tenant that is named although the token has one, or that is the token's although there is none"
	case !eventName.MatchString(o.Event) || len(o.Event) > 64:
		return "no audit event such as role.update"
	case o.Limit.Body <= 0 || o.Limit.Read <= 0:
		return "no limit"
	}
	return ""
}

var eventName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// lookUp finds resource:action in the catalogues that have it: that of tenants, that of the platform.
func lookUp(permission string) []access.Operation {
	p, err := access.Parse(permission)
	if err != nil {
		return nil
	}
	var found []access.Operation
	for _, c := range []*access.Catalogue{access.BuiltIn(), access.Platform()} {
		if op, err := c.Operation(p.Resource, p.Action); err == nil {
			found = append(found, op)
		}
	}
	return found
}

// Register adds an operation and its handler. It panics when the operation leaves something out:
// the program is wrong and must not start.
func Register[I, O any](a *API, op Operation, handler func(context.Context, *I) (*O, error)) {
	if p := op.problem(); p != "" {
		panic(fmt.Sprintf("api: operation %q has %s", op.ID, p))
	}
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	if slices.ContainsFunc(a.operations, func(o *Operation) bool { return o.ID == op.ID }) {
		panic(fmt.Sprintf("api: operation %q is registered twice", op.ID))
	}
	a.operations = append(a.operations, &op)
	huma.Register(a.huma, op.described(), func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return out, nil
	})
	a.mustReadPath(&op)
}

// mustReadPath panics when the input has no field for a parameter of the path. huma passes over
// embedded structs whose type is not exported, and the handler would see an empty id.
func (a *API) mustReadPath(op *Operation) {
	for segment := range strings.SplitSeq(op.Path, "/") {
		name, isParameter := strings.CutPrefix(segment, "{")
		name = strings.TrimSuffix(name, "}")
		read := slices.ContainsFunc(a.described(op).Parameters, func(p *huma.Param) bool { return p.In == "path" && p.Name == name })
		if isParameter && !read {
			panic(fmt.Sprintf("api: the input of %q has no field for {%s}", op.ID, name))
		}
	}
}

// described is the operation in the API description.
func (a *API) described(op *Operation) *huma.Operation {
	item := a.huma.OpenAPI().Paths[op.Path]
	for _, o := range []*huma.Operation{item.Get, item.Put, item.Post, item.Patch, item.Delete} {
		if o != nil && o.OperationID == op.ID {
			return o
		}
	}
	return &huma.Operation{}
}

const operationKey = "usher"

// described is the operation as the API description shows it.
func (o *Operation) described() huma.Operation {
	d := huma.Operation{
		OperationID:   o.ID,
		Method:        o.Method,
		Path:          o.Path,
		Summary:       o.Summary,
		Description:   o.rules(),
		Tags:          []string{strings.SplitN(o.Event, ".", 2)[0]},
		DefaultStatus: o.Status,
		// The body has been read in time and within its limit when huma comes to it.
		MaxBodyBytes:    o.Limit.Body + 1,
		BodyReadTimeout: -1,
		Metadata:        map[string]any{operationKey: o},
		Extensions:      map[string]any{"x-usher-event": o.Event},
	}
	if !o.Access.anyone {
		d.Security = []map[string][]string{{"token": {}}}
	}
	return d
}

// rules words what the operation demands.
func (o *Operation) rules() string {
	text := "Needs no sign-in: " + o.Access.reason + "."
	switch {
	case len(o.Access.permissions) > 0:
		text = "Needs `" + strings.Join(o.Access.permissions, "` or `") + "`."
	case !o.Access.anyone:
		text = "For everyone signed in: " + o.Access.reason + "."
	}
	if o.HighRisk() {
		text += " High risk."
	}
	return text + " Recorded as `" + o.Event + "`."
}
