package virtualdesk

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
)

// sight is what one person is shown by their streams: the rows of a list, and what is said in the
// conversations that they follow.
type sight struct {
	of *person

	mu          sync.Mutex // guards what follows
	rows        map[string]*conversation
	touched     map[string]time.Time // when a row last came or went
	transcripts map[string]*transcript
	changed     time.Time // when anything last came in
}

func newSight(of *person) *sight {
	return &sight{
		of: of, rows: map[string]*conversation{}, touched: map[string]time.Time{}, transcripts: map[string]*transcript{},
		changed: time.Now(),
	}
}

// lastChange is when something last came in.
func (s *sight) lastChange() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// row is what the person knows of a conversation; nil for nothing.
func (s *sight) row(id string) *conversation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[id]
}

// where are the rows that a condition picks, in the order of their numbers.
func (s *sight) where(wanted func(*conversation) bool) (list []*conversation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.rows {
		if wanted(c) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *conversation) int { return int(a.Number - b.Number) })
	return list
}

// comes takes in a row from the list's stream.
func (s *sight) comes(raw json.RawMessage) error {
	c, err := readConversation(raw)
	if err != nil {
		return err
	}
	s.of.desk.judge(s.of, &c)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(&c)
	s.changed = time.Now()
	return nil
}

// put keeps a row unless a newer one is known; mu is held.
func (s *sight) put(c *conversation) {
	if known := s.rows[c.ID]; known != nil && c.olderThan(known) {
		return
	}
	s.rows[c.ID], s.touched[c.ID] = c, time.Now()
}

// goes takes away a row that the person no longer sees.
func (s *sight) goes(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, id)
	s.touched[id] = time.Now()
	s.changed = time.Now()
}

// looked takes in a whole list that was asked for at an instant. What the stream has said since then goes
// before.
func (s *sight) looked(list []conversation, asked time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	there := map[string]bool{}
	for i := range list {
		c := &list[i]
		there[c.ID] = true
		if s.rows[c.ID] != nil || !s.touched[c.ID].After(asked) {
			s.put(c)
		}
	}
	for id := range maps.Clone(s.rows) {
		if !there[id] && !s.touched[id].After(asked) {
			delete(s.rows, id)
		}
	}
	s.changed = time.Now()
}

// raws are the rows as they came, by id.
func (s *sight) raws() map[string]json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]json.RawMessage{}
	for id, c := range s.rows {
		all[id] = c.raw
	}
	return all
}
