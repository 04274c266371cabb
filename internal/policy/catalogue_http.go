package policy

import (
	"context"
	"maps"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

type resourceJSON struct {
	Name       string              `json:"name"`
	LabelZH    string              `json:"label_zh"`
	LabelEN    string              `json:"label_en"`
	Actions    []actionJSON        `json:"actions"`
	Scopes     []string            `json:"scopes" doc:"Those that a role or list may name"`
	Assignable bool                `json:"assignable" doc:"Whether its objects can have an assignee"`
	Status     access.Status       `json:"status" enum:"built-in,planned,external" doc:"Whether this program acts on it already"`
	Own        map[string][]string `json:"own" doc:"By action: whether owner or assignee makes an object one's own; both where an action is absent"`
	Aliases    map[string]string   `json:"aliases" doc:"Other names of actions, taken when a permission is written"`
}

type actionJSON struct {
	Name     string `json:"name"`
	HighRisk bool   `json:"high_risk" doc:"Wants a recent second factor"`
}

// handleCatalogue answers everything that can be granted and asked in the caller's tenant. It is the
// same for everybody and short, so it comes in one page.
func (s *Service) handleCatalogue(ctx context.Context, _ *struct{}) (*api.PageOutput[resourceJSON], error) {
	out := &api.PageOutput[resourceJSON]{}
	catalogue := caller.Must(ctx).Catalogue
	for r := range catalogue.Resources() {
		out.Body.Items = append(out.Body.Items, resource(catalogue, r))
	}
	api.Counted(ctx, len(out.Body.Items))
	return out, nil
}

func resource(c *access.Catalogue, r access.Resource) resourceJSON {
	out := resourceJSON{
		Name: r.Name, LabelZH: r.Zh, LabelEN: r.En, Scopes: scopeNames(r.Scopes), Assignable: r.Assignable, Status: r.Status,
		Own: map[string][]string{}, Aliases: map[string]string{},
	}
	for _, action := range r.Actions {
		out.Actions = append(out.Actions, actionJSON{Name: action, HighRisk: c.MustOperation(r.Name, action).HighRisk()})
	}
	for action, relations := range r.Own {
		out.Own[action] = []string{}
		for _, relation := range relations {
			out.Own[action] = append(out.Own[action], string(relation))
		}
	}
	maps.Copy(out.Aliases, r.Aliases)
	return out
}

// scopeNames are never nil.
func scopeNames(scopes []access.Scope) []string {
	names := []string{}
	for _, s := range scopes {
		names = append(names, s.String())
	}
	return names
}
