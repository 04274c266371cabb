package api

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/trail"
)

// admits tells whether platform staff inside a tenant may call the operation at all. What needs no
// permission is about oneself, and they have no self there, unless the operation says otherwise; a
// visit that reads gets no further than operations that change nothing.
func (o *Operation) admits(visit *caller.Visit) error {
	switch {
	case visit == nil || o.Visitors:
		return nil
	case len(o.Access.permissions) == 0:
		return caller.ErrVisitorIsNobody
	case !visit.Write && o.Method != http.MethodGet:
		return caller.ErrVisitReadsOnly
	}
	return nil
}

// ActingFor notes whom the caller acts for: the tenant that platform staff enter or are inside of.
func ActingFor(ctx context.Context, kind, id string) {
	if c := CallFrom(ctx); c != nil {
		c.For = &trail.Ref{Type: kind, ID: id}
	}
}
