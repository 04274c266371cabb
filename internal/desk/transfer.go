package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

type transferInput struct {
	ConversationPath
	api.IfMatch
	Body struct {
		Agent      string `json:"agent,omitempty" maxLength:"64" doc:"Id; this, a skill or a department"`
		Skill      string `json:"skill,omitempty" maxLength:"64" doc:"Id; its department handles the conversation from now on"`
		Department string `json:"department,omitempty" maxLength:"64" doc:"Id"`
		Reason     string `json:"reason,omitempty" maxLength:"500" doc:"Kept in the record"`
	}
}

func (s *Service) handleTransfer(ctx context.Context, in *transferInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.transfer(ctx, in) })
}

// transfer passes the conversation on. To a skill or a department it goes through the queue, with the age
// that it has.
func (w *wish) transfer(ctx context.Context, in *transferInput) error {
	if err := w.asAgent("conversation:transfer"); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	if err := noteReason(ctx, in.Body.Reason); err != nil {
		return err
	}
	if in.Body.Agent != "" {
		if err := w.now.mustBe(Active, OnHold); err != nil {
			return err
		}
		return w.give(ctx, claim{agent: in.Body.Agent, how: Transferred, by: w.who()})
	}
	if err := w.now.mustBe(Queued, Active, OnHold); err != nil {
		return err
	}
	return w.requeue(ctx, in)
}

// check demands one target.
func (in *transferInput) check() error {
	n := 0
	for _, target := range []string{in.Body.Agent, in.Body.Skill, in.Body.Department} {
		if target != "" {
			n++
		}
	}
	if n != 1 {
		return fault.ErrInvalid.At("body", "expected one of agent, skill and department")
	}
	return nil
}

// requeue sends the conversation back to the queue, where another skill or department finds it. Whoever was
// to go first is not any more: they were chosen for what it was before.
func (w *wish) requeue(ctx context.Context, in *transferInput) (err error) {
	details := Details{"by": w.who()}
	department := in.Body.Department
	if skill := in.Body.Skill; skill != "" {
		if department, err = servingDepartment(ctx, w.tx, "body.skill", skill); err != nil {
			return err
		}
		w.now.Skill = skill
		details["skill"] = skill
	} else if err := mustBeDepartment(ctx, w.tx, "body.department", department); err != nil {
		return err
	}
	if err := w.release(ctx, Queued, "transfer"); err != nil {
		return err
	}
	w.now.Department, w.now.Preferred, w.now.PreferredUntil = department, "", zero
	if err := w.line(ctx, "transferred", true, details); err != nil {
		return err
	}
	if department == w.before.Department { // which requesters do not see
		return nil
	}
	return w.line(ctx, "department_changed", false, Details{"by": w.who(), "department": department})
}

func mustBeDepartment(ctx context.Context, tx *store.Tx, place, id string) error {
	var n int
	err := tx.QueryRow(ctx, `
		SELECT count(*)
		FROM departments d
		WHERE d.tenant_id = $1 AND d.id = $2`, []any{id}, &n)
	if err == nil && n == 0 {
		err = fault.ErrInvalid.At(place, "there is no such department")
	}
	return err
}
