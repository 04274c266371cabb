package desk

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// dispatchRoutes registers the operations that show how dispatch would choose.
func (s *Service) dispatchRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "dispatch-dry-run", Method: http.MethodPost, Path: "/v1/dispatch/dry-run",
		Summary: "See which agents a conversation might be given to now, and why not to the others",
		Access:  api.Needs("queue:read"), Tenant: api.OfCaller, Event: "dispatch.dry_run", NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleDryRun)
	api.Register(a, api.Operation{
		ID: "conversation-candidates", Method: http.MethodGet, Path: "/v1/conversations/{id}/candidates",
		Summary: "List agents to whom a conversation could be transferred",
		Access:  api.Needs("conversation:transfer"), Tenant: api.OfCaller, Event: "conversation.candidates", Limit: api.Ordinary,
	}, s.handleCandidates)
}

// rehearsal is what dispatch would make of a conversation now.
type rehearsal struct {
	scene      *scene
	w          *waiting
	candidates []rehearsed // who could be given it, in the order of choice
	others     []rehearsed // who could not, by id
	leftOut    bool        // there are agents whom the reader may not see
	names      people
}

// rehearsed is an agent with the verdict on them.
type rehearsed struct {
	*candidate
	verdict
}

// rehearse judges every agent of the tenant by the same rules as dispatch, and shows those whom the filter
// covers.
func (s *Service) rehearse(ctx context.Context, tx *store.Tx, w *waiting, seen access.Filter) (*rehearsal, error) {
	sc, err := s.emptyScene(ctx, tx)
	if err != nil {
		return nil, err
	}
	if sc.agents, err = readCandidates(ctx, tx); err != nil {
		return nil, err
	}
	sc.queue = []*waiting{w}
	r := &rehearsal{scene: sc, w: w}
	compiled, err := s.policySeen(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, a := range sc.agents {
		if !seen.Covers(agentObject(compiled, a.agent)) {
			r.leftOut = true
			continue
		}
		r.add(rehearsed{a, sc.judge(w, a)})
	}
	slices.SortFunc(r.candidates, rehearsed.before)
	r.names, err = findPeople(ctx, tx, r.ids())
	return r, err
}

// agentObject is an agent as the access rules see them.
func agentObject(compiled *policy.Compiled, id string) *access.Object {
	subject, _ := compiled.Subject(id)
	return &access.Object{
		Tenant: compiled.TenantID(), Resource: "agent", ID: id, Owners: []string{id}, Departments: subject.User().Departments,
	}
}

func (r *rehearsal) add(a rehearsed) {
	if a.why == "" {
		r.candidates = append(r.candidates, a)
	} else {
		r.others = append(r.others, a)
	}
}

// ids are those of the agents shown.
func (r *rehearsal) ids() (ids []string) {
	for _, a := range slices.Concat(r.candidates, r.others) {
		ids = append(ids, a.agent)
	}
	return ids
}

// before tells which of two agents would be chosen first.
func (a rehearsed) before(other rehearsed) int {
	return cmp.Or(
		cmp.Compare(a.round, other.round),
		cmp.Compare(closeness[a.pass], closeness[other.pass]),
		a.candidate.before(other.candidate),
	)
}

// describe makes of what was sent a conversation that waits.
func (in *dryRunInput) describe(ctx context.Context, tx *store.Tx) (w *waiting, err error) {
	b := &in.Body
	w = &waiting{
		skill: b.Skill, department: b.Department, requester: b.Requester, priority: b.Priority,
		queuedAt: tx.Now.Add(-time.Duration(b.WaitedSeconds) * time.Second),
	}
	if w.skill != "" {
		serving, err := servingDepartment(ctx, tx, "body.skill", w.skill)
		if err != nil {
			return nil, err
		}
		w.department = cmp.Or(w.department, serving)
	}
	if b.Department != "" {
		if err := mustBeDepartment(ctx, tx, "body.department", b.Department); err != nil {
			return nil, err
		}
	}
	if w.requester != "" {
		err = mustBeActive(ctx, tx, "body.requester", w.requester)
	}
	return w, err
}

// prefer has the agent go first who helped the requester last, as far as the reader may know of that help.
func (w *waiting) prefer(ctx context.Context, tx *store.Tx, reads access.Filter) error {
	last, err := lastHelp(ctx, tx, w.requester)
	if err != nil || last.agent == "" {
		return err
	}
	c, err := findConversation(ctx, tx, last.conversation)
	if err == nil && reads.Covers(c.object(tx.Tenant())) {
		w.preferred, w.until = last.agent, last.until.Add(w.queuedAt.Sub(tx.Now))
	}
	return err
}

// dryRun says what dispatch would make of a described conversation, to whoever may read the queue that it
// would stand in.
func (s *Service) dryRun(ctx context.Context, by *caller.Caller, in *dryRunInput) (r *rehearsal, err error) {
	seen, err := by.Filter("agent:read")
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("conversation:read")
	if err != nil {
		return nil, err
	}
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		w, err := in.describe(ctx, tx)
		if err != nil {
			return err
		}
		if err := by.RequireNew("queue:read", queueObject(by.Tenant, w.department)); err != nil {
			return err
		}
		if err := w.prefer(ctx, tx, reads); err != nil {
			return err
		}
		r, err = s.rehearse(ctx, tx, w, seen)
		return err
	})
	return r, err
}

// queueObject is the queue of a department as the access rules see it; of "" it is one that only those see
// who see all.
func queueObject(tenant, department string) *access.Object {
	o := &access.Object{Tenant: tenant, Resource: "queue"}
	if department != "" {
		o.Departments = []string{department}
	}
	return o
}
