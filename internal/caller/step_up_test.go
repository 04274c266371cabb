package caller_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/trail"
)

// eraser may delete conversations of the department and read all, which is of high risk and is not.
func eraser(t *testing.T, change func(*caller.Caller)) *caller.Caller {
	t.Helper()
	c := by(t, "writer", func(a *access.Tenant) {
		a.Roles = append(a.Roles, role("eraser", "conversation:read:department", "conversation:delete:department"))
		a.Users = append(a.Users, user("eraser", access.Assignment{Role: "eraser"}))
	})
	subject, _ := c.Subject.Snapshot().Subject("eraser")
	c.User, c.Subject, c.Enrolled, c.FactorAt = "eraser", subject, true, noon.Add(-time.Minute)
	change(c)
	return c
}

func TestHighRiskDemandsAFreshSecondFactor(t *testing.T) {
	near, far := conversation("agent", "help"), conversation("agent", "sales")
	stepUp, enrol := refusal{Code: "step_up_required"}, refusal{Code: "mfa_enrolment_required"}
	for _, c := range []struct {
		name   string
		change func(*caller.Caller)
		want   refusal
		record trail.StepUp
	}{
		{"a minute ago", func(*caller.Caller) {}, refusal{}, trail.StepUpFresh},
		{"almost ten minutes ago", func(c *caller.Caller) { c.FactorAt = noon.Add(time.Microsecond - caller.StepUpAge) }, refusal{}, trail.StepUpFresh},
		{"ten minutes ago", func(c *caller.Caller) { c.FactorAt = noon.Add(-caller.StepUpAge) }, stepUp, trail.StepUpNone},
		{"never in this session", func(c *caller.Caller) { c.FactorAt = time.Time{} }, stepUp, trail.StepUpNone},
		{"a password a minute ago is none", func(c *caller.Caller) { c.AuthTime, c.FactorAt = c.FactorAt, time.Time{} }, stepUp, trail.StepUpNone},
		{"none to show", func(c *caller.Caller) { c.Enrolled, c.FactorAt = false, time.Time{} }, enrol, trail.StepUpNone},
		{"one that is taken away since", func(c *caller.Caller) { c.Enrolled = false }, enrol, trail.StepUpNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			for what, ask := range map[string]func(*caller.Caller) error{
				"May":        func(c *caller.Caller) error { return c.May("conversation:delete") },
				"Require":    func(c *caller.Caller) error { return c.Require("conversation:delete", near) },
				"RequireNew": func(c *caller.Caller) error { return c.RequireNew("conversation:delete", near) },
			} {
				asked := eraser(t, c.change)
				if diff := cmp.Diff(c.want, refusalOf(ask(asked))); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
				if got := asked.SteppedUp(); got != c.record {
					t.Errorf("%s: records say %q, want %q", what, got, c.record)
				}
			}
			// Whoever may not do it anyway is not sent for a code, and what they cannot see stays hidden.
			asked := eraser(t, c.change)
			if got := refusalOf(asked.Require("conversation:delete", far)).Code; got != "not_found" {
				t.Errorf("out of sight: %s", got)
			}
			if got := refusalOf(asked.RequireNew("conversation:delete", far)).Code; got != "out_of_scope" {
				t.Errorf("out of scope: %s", got)
			}
			if got := asked.SteppedUp(); got != "" {
				t.Errorf("records say %q where none was asked for", got)
			}
		})
	}
}

func TestWhatIsNoHighRiskDemandsNoSecondFactor(t *testing.T) {
	c := eraser(t, func(c *caller.Caller) { c.Enrolled, c.FactorAt = false, time.Time{} })
	for what, err := range map[string]error{
		"May":            c.May("conversation:read"),
		"May, first one": c.May("conversation:read", "conversation:delete"),
		"May, nothing":   c.May(),
		"Require":        c.Require("conversation:read", conversation("agent", "help")),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := c.SteppedUp(); got != "" {
		t.Errorf("records say %q", got)
	}
}
