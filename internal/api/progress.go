package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// progressType is newline-delimited JSON: a document on each line, the last of which is the answer.
const progressType = "application/x-ndjson"

// progress is an answer that has begun while its operation goes on. How far that is leaves in a goroutine of its
// own, and only the newest line waits: who works in a transaction never waits for a slow line.
type progress struct {
	lines chan []byte
	done  chan struct{} // closed when the last of lines has left
	write func([]byte)
}

// Progress begins the answer of a call that takes long, and returns a function that tells the caller how far it is.
// From here on the status is that of success; what the handler returns is the last line, a problem too, which says
// its status itself. That the work has started is on record before the first byte, as an event of its own; the
// record of the call itself is still the one that says how it ended. It is called once, when the body has been read.
func Progress(ctx context.Context) (tell func(line any), err error) {
	call := CallFrom(ctx)
	if err := call.recordStart(ctx); err != nil {
		return nil, fault.ErrUnavailable.Because(fmt.Errorf("keeping the record: %w", err))
	}
	call.progress = call.answer.begin(call.Operation.Status, call.ID)
	return call.progress.tell, nil
}

// recordStart keeps a record of its own that the call has started.
func (c *Call) recordStart(ctx context.Context) error {
	op, started := *c.Operation, *c
	op.Event += ".started"
	started.ID, started.Operation, started.Status = store.NewID(c.api.config.Now()), &op, op.Status
	return c.api.config.Record(context.WithoutCancel(ctx), &started)
}

// begin sends the headers and lets lines follow. A caller that went away, or does not read, has nothing to be told.
func (h *heldAnswer) begin(status int, record string) *progress {
	w, control := h.lend(), http.NewResponseController(h.ResponseWriter)
	w.Header().Set("Content-Type", progressType)
	w.Header().Set("Audit-Record", record)
	w.WriteHeader(status)
	p := &progress{lines: make(chan []byte, 1), done: make(chan struct{})}
	p.write = func(line []byte) {
		_ = control.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := w.Write(line); err == nil {
			_ = control.Flush()
		}
	}
	go func() {
		defer close(p.done)
		for line := range p.lines {
			p.write(line)
		}
	}()
	return p
}

// tell has a line leave in the place of one that still waits.
func (p *progress) tell(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(fmt.Errorf("api: progress that cannot be written: %w", err))
	}
	select {
	case <-p.lines:
	default:
	}
	p.lines <- append(text, '\n') // there is room: nobody else puts lines in
}

// finished sends the last line of an answer that has begun. It returns false when none has.
func (c *Call) finished(answer *heldAnswer) bool {
	if c.progress == nil {
		return false
	}
	close(c.progress.lines)
	<-c.progress.done
	c.progress.write(answer.body.Bytes())
	return true
}

// describeProgress adds the other form of the answer to the API description.
func (a *API) describeProgress(op *Operation) {
	if op.Progress {
		a.described(op).Responses[strconv.Itoa(op.Status)].Content[progressType] = &huma.MediaType{}
	}
}
