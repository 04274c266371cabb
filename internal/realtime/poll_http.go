package realtime

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

type pollInput struct {
	Streams []string `query:"stream" maxItems:"64" doc:"Which streams, with commas between, each once" example:"mine,conversations"`
	After   string   `query:"after" maxLength:"8192" doc:"The next of the answer before; a stream that it does not name begins now"`
	Wait    int      `query:"wait" minimum:"0" maximum:"25" doc:"For how many seconds to wait when nothing has happened"`
}

type pollOutput struct{ Body pollBody }

type pollBody struct {
	Events []json.RawMessage `json:"events" doc:"As on a live connection, in order"`
	Resets []resetStream     `json:"resets" doc:"Streams to be read anew: what was known is too old to go on from"`
	Ended  []endedStream     `json:"ended" doc:"Streams that may not, or no longer, be followed"`
	Next   string            `json:"next" doc:"What to send in after the next time"`
}

type resetStream struct {
	Stream string `json:"stream"`
	Seq    int64  `json:"seq"`
	View   string `json:"view,omitempty"`
}

type endedStream struct {
	Stream string `json:"stream"`
	Code   string `json:"code" doc:"What a request would be refused with"`
}

func (s *Service) handlePoll(ctx context.Context, in *pollInput) (*pollOutput, error) {
	who := caller.Must(ctx)
	from, err := in.positions()
	if err != nil {
		return nil, err
	}
	done, err := s.polls.admit(userKey{who.Tenant, who.User})
	if err != nil {
		return nil, err
	}
	defer done()
	if err := s.presence.polled(ctx, who); err != nil {
		return nil, err
	}
	p := s.newPoll(who)
	sent, at, err := p.run(ctx, in.Streams, from, time.Duration(in.Wait)*time.Second)
	if err == nil {
		err = s.stillThere(ctx, who)
	}
	if err != nil {
		return nil, err
	}
	out := &pollOutput{Body: p.body(sent, at)}
	api.Counted(ctx, len(out.Body.Events))
	return out, nil
}

// positions are those of the streams that are asked for.
func (in *pollInput) positions() (positions, error) {
	for n, stream := range in.Streams {
		if !streamName.MatchString(stream) || slices.Contains(in.Streams[:n], stream) {
			return nil, errBadPosition.With("each stream must be named once")
		}
	}
	return parsePositions(in.After)
}

// stillThere refuses when the caller may not go on any more: the wait was long, and what was seen during
// it is for nobody whose session has ended.
func (s *Service) stillThere(ctx context.Context, who *caller.Caller) error {
	again, err := s.config.Sessions.Again(ctx, who)
	if err != nil {
		return err
	}
	return api.CallFrom(ctx).MayStill(again)
}

// body is the answer.
func (p *poll) body(sent []frame, at positions) pollBody {
	body := pollBody{Events: []json.RawMessage{}, Resets: []resetStream{}, Ended: append([]endedStream{}, p.ended...), Next: at.String()}
	for _, f := range sent {
		text := f.write(nil)
		switch f.what {
		case typeEvent:
			body.Events = append(body.Events, text)
		case typeReset:
			body.Resets = append(body.Resets, decoded[resetStream](text))
		case typeEnded:
			body.Ended = append(body.Ended, decoded[endedStream](text))
		}
	}
	return body
}

// decoded reads back a message that this package has written.
func decoded[T any](text []byte) (v T) {
	if err := json.Unmarshal(text, &v); err != nil {
		panic(err)
	}
	return v
}
