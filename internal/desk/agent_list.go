package desk

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type agentsInput struct {
	api.PageInput
	Query      string `query:"q" maxLength:"128" doc:"Part of a name, in any case"`
	Status     string `query:"status" enum:"online,busy,offline"`
	Skill      string `query:"skill" maxLength:"64" doc:"Id; those who have it"`
	Department string `query:"department" maxLength:"64" doc:"Id; those in it or below it"`
}

func (s *Service) handleAgents(ctx context.Context, in *agentsInput) (*api.PageOutput[agentJSON], error) {
	filters := []string{in.Query, in.Status, in.Skill, in.Department}
	after, err := in.After(ctx, filters...)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	scope, err := by.Filter("agent:read")
	if err != nil {
		return nil, err
	}
	var found []Agent
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		found, err = in.find(ctx, tx, by.Subject.Snapshot(), scope, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	key := func(a Agent) []string { return []string{store.Fold(a.User.Name), a.User.ID} }
	return api.NewPage(ctx, in.PageInput, found, Agent.json, key, filters...), nil
}

// find returns the agents that the filter covers by name, one more than the limit.
func (in *agentsInput) find(ctx context.Context, tx *store.Tx, snapshot *access.Snapshot, scope access.Filter, after []string) ([]Agent, error) {
	w := tx.Where("a")
	w.Covered(scope, agentCoverage)
	in.narrow(w, snapshot)
	if len(after) == 2 {
		w.And("(u.name_key, u.id) > (?, ?)", after[0], after[1])
	}
	limit := w.First(in.Limit + 1)
	found, err := store.Collect(ctx, tx, scanAgent, `SELECT`+agentColumns(w.Param(1))+w.String()+`
		ORDER BY u.name_key, u.id
		LIMIT `+limit, w.Args(tx.Now.UnixMicro())...)
	if err != nil {
		return nil, err
	}
	return found, addBelongings(ctx, tx, found)
}

// narrow adds what was asked for.
func (in *agentsInput) narrow(w *store.Where, snapshot *access.Snapshot) {
	if q := store.Fold(in.Query); q != "" {
		w.And(`u.name_key LIKE ? ESCAPE '\'`, store.Containing(q))
	}
	if in.Status != "" {
		w.And("a.status = ?", in.Status)
	}
	if in.Skill != "" {
		w.And(`EXISTS (
			SELECT 1
			FROM agent_skills k
			WHERE k.tenant_id = $1 AND k.user_id = a.user_id AND k.skill_id = ?)`, in.Skill)
	}
	if in.Department != "" {
		w.And(agentInDepartments, store.Set(snapshot.Reach([]string{in.Department})))
	}
}
