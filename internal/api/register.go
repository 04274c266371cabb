package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

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
	a.describeAgain(&op)
	a.describeProgress(&op)
}

// describeAgain adds the second status of success to the API description: huma knows one.
func (a *API) describeAgain(op *Operation) {
	if op.Again == 0 {
		return
	}
	answers := a.described(op).Responses
	again := *answers[strconv.Itoa(op.Status)]
	again.Description = http.StatusText(op.Again)
	answers[strconv.Itoa(op.Again)] = &again
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
		RequestBody:     o.describedUpload(),
		Responses:       o.describedDownload(),
		Metadata:        map[string]any{operationKey: o},
		Extensions:      map[string]any{"x-usher-event": o.Event},
	}
	if !o.Access.anyone {
		d.Security = []map[string][]string{{"token": {}}}
	}
	if o.socket != nil {
		d.Security = append(d.Security, map[string][]string{"ticket": {}})
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
	switch {
	case o.HighRisk():
		text += " High risk: needs step-up."
	case o.StepUp:
		text += " Needs step-up."
	}
	return text + " Recorded as `" + o.Event + "`."
}
