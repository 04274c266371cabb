package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

// noteSettings tells the record what changed. What people made up is only committed to.
func noteSettings(ctx context.Context, before, after Settings) {
	api.Touched(ctx, "tenant", caller.Must(ctx).Tenant)
	noteSwitch(ctx, "busy_may_take", before.BusyMayTake, after.BusyMayTake)
	noteSwitch(ctx, "monitors_shown", before.MonitorsShown, after.MonitorsShown)
	noteSwitch(ctx, "supervision_reason", before.SupervisionReason, after.SupervisionReason)
	api.ChangedPrivately(ctx, "fallback_department", before.FallbackDepartment, after.FallbackDepartment)
	api.ChangedPrivately(ctx, "reserve", strconv.Itoa(before.Reserve), strconv.Itoa(after.Reserve))
	noteAges(ctx, &before.Ages, &after.Ages)
	noteTime(ctx, "preferred_seconds", before.PreferLast, after.PreferLast)
	noteTime(ctx, "first_answer_seconds", before.FirstAnswer, after.FirstAnswer)
	noteTime(ctx, "park_seconds", before.Park, after.Park)
	noteTime(ctx, "resolve_seconds", before.Resolve, after.Resolve)
	noteTime(ctx, "reopen_seconds", before.Reopen, after.Reopen)
}

func noteTime(ctx context.Context, field string, before, after time.Duration) {
	api.ChangedPrivately(ctx, field, fmt.Sprint(inSeconds(before)), fmt.Sprint(inSeconds(after)))
}

func noteSwitch(ctx context.Context, field string, before, after bool) {
	api.Changed(ctx, field, []string{strconv.FormatBool(before)}, []string{strconv.FormatBool(after)})
}

// noteAges notes a change of ages; nil are those of the desk's settings.
func noteAges(ctx context.Context, before, after *Ages) {
	was, is := before.texts(), after.texts()
	for i, name := range []string{"relax_seconds", "overflow_seconds", "open_seconds"} {
		api.ChangedPrivately(ctx, name, was[i], is[i])
	}
}

func (a *Ages) texts() [3]string {
	if a == nil {
		return [3]string{}
	}
	return [3]string{fmt.Sprint(inSeconds(a.Relax)), fmt.Sprint(inSeconds(a.Overflow)), fmt.Sprint(inSeconds(a.Open))}
}
