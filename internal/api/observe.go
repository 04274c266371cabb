package api

import "time"

// An Observation says how an operation went, for whoever watches the server: nothing in it tells of a tenant, a
// user or what was sent.
type Observation struct {
	Operation *Operation
	Status    int           // of the answer
	Code      string        // of the refusal; "" for none
	Elapsed   time.Duration // from acceptance until the answer leaves
	Request   string        // the request id
}

// observe tells of an operation; what goes on after its answer, such as a download, is not waited for.
func (a *API) observe(call *Call, status int) {
	if a.config.Observe != nil && call.Operation != nil {
		a.config.Observe(Observation{Operation: call.Operation, Status: status, Code: call.Code, Elapsed: call.Elapsed(), Request: call.Request})
	}
}
