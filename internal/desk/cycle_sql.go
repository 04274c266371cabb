package desk

import "context"

// A cycle is what reports count: from the first wait of a conversation, or from its reopening, to its
// resolution. Its row lasts when the conversation goes on to another cycle.

// beginCycle writes the row of the conversation's cycle.
func (e *edit) beginCycle(ctx context.Context) error {
	return e.tx.Later(ctx, `
		INSERT INTO conversation_cycles (tenant_id, conversation_id, cycle, skill_id, department_id, queued_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		e.now.ID, e.now.Cycle, optional(e.now.Skill), optional(e.now.Department), e.tx.Now.UnixMicro())
}

// cycleAssigned notes who holds the conversation, and that the wait is over, if this is the first time.
func (e *edit) cycleAssigned(ctx context.Context) error {
	return e.tx.Later(ctx, `
		UPDATE conversation_cycles
		SET agent_id = $4,
			first_agent_id = coalesce(first_agent_id, $4),
			assigned_at = coalesce(assigned_at, $5)
		WHERE tenant_id = $1 AND conversation_id = $2 AND cycle = $3`,
		e.now.ID, e.now.Cycle, e.now.Assignee, e.tx.Now.UnixMicro())
}

// cycleMoved notes which skill the conversation needs now and which department handles it.
func (e *edit) cycleMoved(ctx context.Context) error {
	if e.now.Skill == e.before.Skill && e.now.Department == e.before.Department {
		return nil
	}
	return e.tx.Later(ctx, `
		UPDATE conversation_cycles
		SET skill_id = $4,
			department_id = $5
		WHERE tenant_id = $1 AND conversation_id = $2 AND cycle = $3`,
		e.now.ID, e.now.Cycle, optional(e.now.Skill), optional(e.now.Department))
}

// cycleAnswered notes the first answer, of the cycle and of the tenure. It counts as the assignee's, whoever
// gives it.
func (e *edit) cycleAnswered(ctx context.Context) error {
	err := e.tx.Later(ctx, `
		UPDATE conversation_cycles
		SET answered_at = $4,
			answered_by = $5
		WHERE tenant_id = $1 AND conversation_id = $2 AND cycle = $3 AND answered_at IS NULL`,
		e.now.ID, e.now.Cycle, e.tx.Now.UnixMicro(), optional(e.now.holder()))
	if err != nil {
		return err
	}
	return e.tx.Later(ctx, `
		UPDATE tenures
		SET answered_at = coalesce(answered_at, $3)
		WHERE tenant_id = $1 AND conversation_id = $2 AND ended_at IS NULL`, e.now.ID, e.tx.Now.UnixMicro())
}

// cycleEnded notes how the cycle ended: resolved or abandoned.
func (e *edit) cycleEnded(ctx context.Context) error {
	return e.tx.Later(ctx, `
		UPDATE conversation_cycles
		SET ended_at = $4,
			end_state = $5
		WHERE tenant_id = $1 AND conversation_id = $2 AND cycle = $3`,
		e.now.ID, e.now.Cycle, e.tx.Now.UnixMicro(), string(e.now.State))
}

// cycleRated notes the rating.
func (e *edit) cycleRated(ctx context.Context) error {
	return e.tx.Later(ctx, `
		UPDATE conversation_cycles
		SET rating = $4
		WHERE tenant_id = $1 AND conversation_id = $2 AND cycle = $3`, e.now.ID, e.now.Cycle, e.now.Rating.Score)
}
