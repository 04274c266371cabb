package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

type rateInput struct {
	ConversationPath
	api.IfMatch
	Body struct {
		Score   int      `json:"score" minimum:"1" maximum:"5"`
		Reasons []string `json:"reasons,omitempty" maxItems:"8" enum:"solved,quick,friendly,clear,unsolved,slow,unfriendly,unclear"`
		Text    string   `json:"text,omitempty" maxLength:"500"`
	}
}

var errRated = fault.Define(fault.Conflict, "rating_settled", "The rating stands for too long to be changed.", "评价已超过可修改期限。",
	"A rating can be changed for 72 hours; reopening the conversation allows another one.")

// ratingChange is how long a rating can be changed after it was given.
const ratingChange = 72 * time.Hour

func (s *Service) handleRate(ctx context.Context, in *rateInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.rate(ctx, in) })
}

// rate keeps what the requester thinks of the help: one rating for each cycle.
func (w *wish) rate(ctx context.Context, in *rateInput) error {
	if err := w.asRequester(); err != nil {
		return err
	}
	if w.now.State != Closed {
		if err := w.now.mustBe(Resolved); err != nil {
			return err
		}
	}
	rating, err := in.rating(w.tx.Now)
	if err != nil {
		return err
	}
	if before := w.now.Rating; before != nil {
		if rating.At = before.At; !w.tx.Now.Before(before.At.Add(ratingChange)) {
			return errRated
		}
	}
	w.now.Rating = rating
	w.change(true)
	return w.cycleRated(ctx)
}

func (in *rateInput) rating(now time.Time) (*Rating, error) {
	r := &Rating{Score: in.Body.Score, Text: strings.TrimSpace(in.Body.Text), At: now}
	for _, reason := range in.Body.Reasons {
		if !slices.Contains(r.Reasons, reason) {
			r.Reasons = append(r.Reasons, reason)
		}
	}
	if r.Text == "" {
		return r, nil
	}
	text, err := checkText("body.text", r.Text)
	r.Text = text
	return r, err
}
