package desk

import (
	"cmp"
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type candidatesOutput struct {
	Body struct {
		Items []freeAgentJSON `json:"items" doc:"Those with the skill and in the department first, then by load"`
	}
}

type freeAgentJSON struct {
	Agent       named `json:"agent"`
	CurrentLoad int   `json:"current_load"`
	MaxLoad     int   `json:"max_load"`
}

// handleCandidates lists to whom a conversation could be given by hand. Who may pass it on sees the names of
// those whom they may pass it to, and how busy they are.
func (s *Service) handleCandidates(ctx context.Context, in *ConversationPath) (*candidatesOutput, error) {
	by := caller.Must(ctx)
	out := &candidatesOutput{}
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		c, err := findConversation(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := by.Require("conversation:transfer", c.object(by.Tenant)); err != nil {
			return err
		}
		if by.User == c.Requester {
			return errOwnRequest
		}
		if err := c.mustBe(Active, OnHold); err != nil {
			return err
		}
		out.Body.Items, err = s.candidates(ctx, tx, &c)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", in.ID)
	api.Counted(ctx, len(out.Body.Items))
	return out, nil
}

// mostCandidates bounds the list: nobody chooses among more.
const mostCandidates = 100

// candidates judges every agent but the holder. Skill and department decide nothing here but the order, and
// nobody is passed over.
func (s *Service) candidates(ctx context.Context, tx *store.Tx, c *Conversation) ([]freeAgentJSON, error) {
	sc, err := s.emptyScene(ctx, tx)
	if err != nil {
		return nil, err
	}
	w, err := store.One(ctx, tx, scanWaiting, `SELECT`+waitingColumns+`
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.id = $2`, c.ID)
	if err != nil {
		return nil, err
	}
	all, err := readCandidates(ctx, tx)
	if err != nil {
		return nil, err
	}
	able := slices.DeleteFunc(all, func(a *candidate) bool {
		return a.agent == c.holder() || a.away() != "" || a.agent == w.requester || !a.free() || !sc.mayHold(a.agent, w)
	})
	slices.SortFunc(able, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(sc.distance(w, a), sc.distance(w, b)), a.before(b))
	})
	return freeAgents(ctx, tx, able[:min(len(able), mostCandidates)])
}

// distance is how far an agent is from a conversation: 0 with the skill and in the department, 3 with neither.
func (s *scene) distance(w *waiting, a *candidate) (far int) {
	if home, _ := s.placed(w, a); !home {
		far += 2
	}
	if !w.matches(a) {
		far++
	}
	return far
}

func freeAgents(ctx context.Context, tx *store.Tx, agents []*candidate) ([]freeAgentJSON, error) {
	var ids []string
	for _, a := range agents {
		ids = append(ids, a.agent)
	}
	names, err := findPeople(ctx, tx, ids)
	items := []freeAgentJSON{}
	for _, a := range agents {
		items = append(items, freeAgentJSON{named{a.agent, names[a.agent]}, a.load, a.limit})
	}
	return items, err
}
