package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Mode is how a supervisor takes part in a conversation.
type Mode string

// The modes, from the quietest on. Each needs the permission of its name, and the louder ones that to
// monitor as well.
const (
	Monitoring Mode = "monitor" // listens
	Whispering Mode = "whisper" // speaks to the assignee
	Barging    Mode = "barge"   // speaks to everybody
)

// terms is the mode as records list it; nothing for none.
func (m Mode) terms() []string {
	if m == "" {
		return nil
	}
	return []string{string(m)}
}

// Supervision is somebody's watch over a conversation. Several may watch; of those who speak there is one.
type Supervision struct {
	ID           string
	Conversation string
	User         string
	Mode         Mode
	Reason       string // "" for none
	StartedAt    time.Time
	ModeAt       time.Time // since when in this mode
}

// Codes of supervision.
var (
	errOwnConversation = fault.Define(fault.Forbidden, "own_conversation", "You are in this conversation yourself.", "您本人参与了该会话，不能对其进行监督。",
		"Requester and assignee do not supervise; somebody else does.")
	errVoiceTaken = fault.Define(fault.Conflict, "voice_taken", "Another supervisor whispers or has barged in already.", "已有其他主管正在耳语或介入该会话。",
		"`detail` names them. They hand over by going back to monitoring, or by ending.")
	errNobodyListens = fault.Define(fault.Conflict, "nobody_listens", "Nobody works on the conversation who could hear a whisper.", "该会话当前没有受理坐席，无法耳语。",
		"Wait until somebody holds it, or barge in.")
	errNoReason = fault.Define(fault.Invalid, "reason_required", "This desk wants to know why somebody supervises.", "请填写监督该会话的原因。",
		"Send `reason`.")
)

// maySupervise asks for the permission of the mode, which is the one that refuses and decides, and for that
// to monitor. Nobody watches over themselves.
func (e *edit) maySupervise(by *caller.Caller, mode Mode) error {
	object := e.now.object(by.Tenant)
	for _, m := range []Mode{mode, Monitoring, mode} {
		if err := by.Require("conversation:"+string(m), object); err != nil {
			return err
		}
	}
	switch by.User {
	case e.now.Requester, e.now.holder():
		return errOwnConversation
	}
	if by.Visit != nil {
		return caller.ErrVisitorIsNobody
	}
	return nil
}

// supervise brings the user's supervision into a mode, and begins it where there is none. It returns what
// stands, and the mode before, "" for none.
func (e *edit) supervise(ctx context.Context, user string, mode Mode, reason string) (v Supervision, before Mode, err error) {
	if err := e.now.mustBe(Queued, Active, OnHold, Parked); err != nil {
		return v, "", err
	}
	v, err = findSupervision(ctx, e.tx, e.now.ID, user)
	if err != nil || v.Mode == mode {
		return v, v.Mode, err
	}
	settings, err := loadSettings(ctx, e.tx)
	if err != nil {
		return v, "", err
	}
	if settings.SupervisionReason && v.ID == "" && reason == "" {
		return v, "", errNoReason
	}
	if err := e.takeVoice(ctx, user, mode); err != nil {
		return v, "", err
	}
	before, v = v.Mode, v.in(mode, reason, e.tx.Now)
	if err := v.store(ctx, e.tx); err != nil {
		return v, "", err
	}
	if before == Barging || mode != Monitoring || settings.MonitorsShown {
		e.tell()
	}
	return v, before, e.announce(ctx, user, before, mode)
}

// in is the supervision in another mode; one that does not stand yet begins.
func (v Supervision) in(mode Mode, reason string, at time.Time) Supervision {
	if v.ID == "" {
		v.ID, v.StartedAt = store.NewID(at), at
	}
	if reason != "" {
		v.Reason = reason
	}
	v.Mode, v.ModeAt = mode, at
	return v
}

// takeVoice refuses a second speaker. The conversation is locked, so that of two who begin at once one
// comes second.
func (e *edit) takeVoice(ctx context.Context, user string, mode Mode) error {
	if mode == Monitoring {
		return nil
	}
	speaker, err := findVoice(ctx, e.tx, e.now.ID)
	if err != nil || speaker == "" || speaker == user {
		return err
	}
	names, err := findPeople(ctx, e.tx, []string{speaker})
	if err != nil {
		return err
	}
	return errVoiceTaken.With("%s does", names[speaker])
}

// announce tells everybody when a supervisor comes in and when they go back to listening. Whoever only
// listens or whispers comes and goes unannounced.
func (e *edit) announce(ctx context.Context, user string, before, after Mode) error {
	switch {
	case after == Barging && before != Barging:
		return e.line(ctx, "supervisor_joined", true, Details{"supervisor": user})
	case before == Barging && after != Barging:
		return e.line(ctx, "supervisor_left", true, Details{"supervisor": user})
	}
	return nil
}

// unsupervise ends a supervision. Its end is told also where nobody was shown it: the supervisor's streams
// end with it.
func (e *edit) unsupervise(ctx context.Context, v Supervision, reason string) error {
	if err := v.end(ctx, e.tx, reason); err != nil {
		return err
	}
	e.tell()
	return e.announce(ctx, v.User, v.Mode, "")
}
