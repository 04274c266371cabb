package api

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// TenantHeader names the tenant, by its slug, that a command on the machine works in. Nobody reads it in a request
// that came in another way.
const TenantHeader = "Usher-Tenant"

// errForPeople is for what somebody does who is signed in as themselves.
var errForPeople = fault.Define(fault.Forbidden, "not_for_the_machine",
	"This is done by somebody who is signed in, and not by a command.", "此操作须由已登录的人员完成，不能由命令执行。",
	"Sign in and ask again with the access token; usher --help lists the commands that there are.")

type machineKey struct{}

// OnMachine serves the requests of commands on the machine that Usher runs on. They bring no token: whoever reaches
// this handler is let in as the machine, so it belongs behind what only the owner of the machine can open, and nowhere
// else. It is by this handler, and by nothing in a request, that the machine is known.
func (a *API) OnMachine() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), machineKey{}, true)))
	})
}

func fromMachine(ctx context.Context) bool { return ctx.Value(machineKey{}) != nil }

// machine is the caller in the tenant that the request names, if the operation is one for commands.
func (a *API) machine(ctx context.Context, call *Call, h http.Header) (*caller.Caller, error) {
	if !call.Operation.Machine || a.config.Machine == nil {
		return nil, errForPeople
	}
	return a.config.Machine(ctx, h.Get(TenantHeader))
}
