package desk

import (
	"time"
)

// A measure is a span of time in the life of a cycle that reports are about. It begins with the cycle: when
// the conversation was created, or reopened. What it means stands in docs/reports.md.
type measure struct {
	name   string
	end    string        // in SQL: when it ended; null as long as it has not, and for good in a cycle without
	agent  string        // in SQL: to whom it is attributed; null for nobody
	target time.Duration // within which it should end, unless a reader asks for another
}

// promptly is how soon a first answer counts as prompt.
const promptly = time.Minute

// The measures.
var (
	// An answer is that of the agent who held the conversation then, and one that is missing that of whoever
	// holds it, or held it last.
	firstResponse = measure{"first-response", "y.answered_at", "coalesce(y.answered_by, y.agent_id)", promptly}
	firstWait     = measure{"waiting", "y.assigned_at", "y.first_agent_id", promptly}
	resolution    = measure{"resolution", "CASE WHEN y.end_state = 'resolved' THEN y.ended_at END", lastAgent, 24 * time.Hour}
)

// took is, in SQL, how long it took; null when it has not ended.
func (m measure) took() string { return "(" + m.end + " - y.queued_at)" }

// missed is, in SQL, whether it lasts, or lasted until the cycle ended without it, for longer than the
// target, at an instant. What was over before that counts neither for nor against the target.
func (m measure) missed(target, now string) string {
	return "(" + m.end + " IS NULL AND coalesce(y.ended_at, " + now + ") - y.queued_at > " + target + ")"
}
