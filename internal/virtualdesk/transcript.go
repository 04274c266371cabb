package virtualdesk

import (
	"encoding/json"
	"slices"
	"time"
)

// transcript is what one reader has been told of a conversation by its stream.
type transcript struct {
	conversation string
	said         []message
	raw          []json.RawMessage
	over         link      // the connection that the last message came over
	live         time.Time // when its first one came: since then all come as they are sent
	ended        bool      // the server has ended the stream: the reader may not follow any more
}

// follows begins a transcript, unless there is one.
func (s *sight) follows(conversation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.transcripts[conversation]; t == nil || t.ended {
		s.transcripts[conversation] = &transcript{conversation: conversation}
	}
}

// hears takes in one message from the stream of a conversation.
func (s *sight) hears(conversation string, raw json.RawMessage, over link) error {
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	p, d := s.of, s.of.desk
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.transcripts[conversation]
	if t == nil {
		return nil // it was left, and this was under way
	}
	d.judgeMessage(p, conversation, t.last(), &m)
	if t.over != over {
		t.over, t.live = over, time.Now()
	}
	d.ledger.seen(p, conversation, &m, t.live)
	t.said, t.raw = append(t.said, m), append(t.raw, raw)
	s.changed = time.Now()
	return nil
}

// judgeMessage holds a message against what its reader may be shown, and against the one before.
func (d *desk) judgeMessage(p *person, conversation string, before int64, m *message) {
	if m.Seq <= before {
		d.broke(seqRepeated, "%s, %s: message %d after %d", p, conversation, m.Seq, before)
	}
	if p.part == asRequester && m.Seq > before+1 {
		d.broke(seqGap, "%s, %s: message %d after %d", p, conversation, m.Seq, before)
	}
	d.judgeSecrecy(p, conversation, m)
}

// judgeSecrecy holds a message against who may read it.
func (d *desk) judgeSecrecy(p *person, conversation string, m *message) {
	switch {
	case p.part == asRequester && (m.Kind == "note" || m.Kind == "whisper"):
		d.broke(hiddenShown, "%s is shown the %s %d of %s: %q", p, m.Kind, m.Seq, conversation, m.Text)
	case p.part == asAgent && m.Kind == "whisper" && idOf(m.Listener) != p.id && idOf(m.Author) != p.id:
		d.broke(overheard, "%s is shown the whisper %d of %s, which is for %q", p, m.Seq, conversation, idOf(m.Listener))
	}
}

// last is the number of the last message.
func (t *transcript) last() int64 {
	if len(t.said) == 0 {
		return 0
	}
	return t.said[len(t.said)-1].Seq
}

// loses ends a transcript that may not be followed any more.
func (s *sight) loses(conversation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.transcripts[conversation]; t != nil {
		t.ended = true
	}
	s.changed = time.Now()
}

// restarts empties a transcript whose stream begins anew.
func (s *sight) restarts(conversation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.transcripts[conversation]; t != nil {
		t.said, t.raw = nil, nil
	}
}

// forgets drops a transcript.
func (s *sight) forgets(conversation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.transcripts, conversation)
}

// speech is how a conversation went so far, as far as the next step depends on it.
type speech struct {
	known    bool
	last     string // face of whom the other side heard last: requester or agent
	answers  int    // of agents
	requests int    // of the requester
}

// speech sums up what the person has heard.
func (s *sight) speech(conversation string) speech {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.transcripts[conversation]
	if t == nil || t.ended {
		return speech{}
	}
	out := speech{known: len(t.said) > 0}
	for _, m := range t.said {
		switch {
		case m.Kind != "text" && m.Kind != "file":
		case m.AuthorFace == "requester":
			out.last, out.requests = "requester", out.requests+1
		default:
			out.last, out.answers = "agent", out.answers+1
		}
	}
	return out
}

// kept are copies of the transcripts that are still followed.
func (s *sight) kept() (list []transcript) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.transcripts {
		if !t.ended {
			list = append(list, transcript{conversation: t.conversation, said: slices.Clone(t.said), raw: slices.Clone(t.raw)})
		}
	}
	return list
}
