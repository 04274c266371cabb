package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

type dryRunInput struct {
	Body struct {
		Skill         string `json:"skill,omitempty" maxLength:"64" doc:"Id; none: any agent who fits matches"`
		Department    string `json:"department,omitempty" maxLength:"64" doc:"Id of the one that handles it; that of the skill when absent"`
		Priority      int    `json:"priority,omitempty" minimum:"0" maximum:"3" doc:"Decides between conversations, and not between agents"`
		Requester     string `json:"requester,omitempty" maxLength:"64" doc:"Id of the user who asks. Who helped them last goes first where your conversation:read covers that help"`
		WaitedSeconds int    `json:"waited_seconds,omitempty" minimum:"0" maximum:"604800" doc:"How long it has waited"`
	}
}

type dryRunOutput struct {
	Body struct {
		Department string            `json:"department" doc:"Id of the one that handles it; empty for none"`
		Candidates []candidateJSON   `json:"candidates" doc:"Who might be given it now, in the order of choice"`
		Others     []notCandidate    `json:"others" doc:"Every other agent, by id, with the reason why not"`
		LeftOut    bool              `json:"left_out" doc:"There are agents besides, whom your agent:read does not cover"`
		WaitsFor   api.OrNull[named] `json:"waits_for" doc:"The agent who goes first and has no room at the moment: nobody else gets it for as long"`
		OpensIn    *int              `json:"opens_in_seconds" doc:"When it opens for more agents by waiting longer; null for never"`
	}
}

type candidateJSON struct {
	Agent       named `json:"agent"`
	Pass        Pass  `json:"pass" enum:"preferred,matched,relaxed,overflow,open"`
	CurrentLoad int   `json:"current_load"`
	MaxLoad     int   `json:"max_load"`
}

type notCandidate struct {
	Agent  named `json:"agent"`
	Reason Why   `json:"reason" enum:"offline,busy,not_connected,requester,excluded,department,full,skill,reserve,permission"`
}

func (s *Service) handleDryRun(ctx context.Context, in *dryRunInput) (*dryRunOutput, error) {
	r, err := s.dryRun(ctx, caller.Must(ctx), in)
	if err != nil {
		return nil, err
	}
	api.Counted(ctx, len(r.candidates)+len(r.others))
	return r.output(), nil
}

func (r *rehearsal) output() *dryRunOutput {
	out := &dryRunOutput{}
	b := &out.Body
	b.Department, b.LeftOut, b.Candidates, b.Others = r.w.department, r.leftOut, []candidateJSON{}, []notCandidate{}
	for _, a := range r.candidates {
		b.Candidates = append(b.Candidates, candidateJSON{named{a.agent, r.names[a.agent]}, a.pass, a.load, a.limit})
	}
	for _, a := range r.others {
		b.Others = append(b.Others, notCandidate{named{a.agent, r.names[a.agent]}, a.why})
	}
	if name, seen := r.names[r.w.preferred]; seen && r.scene.held(r.w) {
		b.WaitsFor = named{r.w.preferred, name}.orNull()
	}
	if at := r.scene.deadline(); !at.IsZero() {
		seconds := int(at.Sub(r.scene.now).Seconds())
		b.OpensIn = &seconds
	}
	return out
}
