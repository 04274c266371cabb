package realtime

// follow has a stream followed from now on. Nothing of it is sent before the record of it is kept.
func (s *socket) follow(m message) error {
	if known := s.follows[m.Stream]; known != nil {
		if !known.over.Load() {
			return errFollowed
		}
		s.forget(known)
	}
	if len(s.follows) >= s.service.config.Limits.Streams {
		return errTooManyStreams.With("a connection may follow %d", s.service.config.Limits.Streams)
	}
	f := newFollower(s.who.User, m.Stream, m.after, &s.out)
	f.id = m.ID
	s.out.hold()
	defer s.out.release()
	refusal := s.join(f)
	if !s.recordFollow(f, refusal) {
		s.finish(unsure)
	}
	return refusal
}

// join waits until it is decided whether the stream may be followed.
func (s *socket) join(f *Follower) error {
	if err := s.service.tails.join(s.who.Tenant, f); err != nil {
		return err
	}
	var refusal error
	select {
	case refusal = <-f.answer:
	case <-s.over:
		refusal = errUndecided
	}
	if refusal != nil {
		f.tail.leave(f, nil)
		return refusal
	}
	if s.follows == nil {
		s.follows = map[string]*Follower{}
	}
	s.follows[f.Stream] = f
	return nil
}

func (s *socket) unfollow(m message) error {
	known := s.follows[m.Stream]
	if known == nil {
		return errNotFollowed
	}
	s.forget(known)
	s.out.put(message{Type: typeUnfollowed, ID: m.ID, Stream: m.Stream}.frame())
	return nil
}

// forget leaves a stream, and returns when nothing of it is put into the outbox any more.
func (s *socket) forget(f *Follower) {
	delete(s.follows, f.Stream)
	left := make(chan struct{})
	f.tail.leave(f, left)
	select {
	case <-left:
	case <-s.over:
	}
}

// part leaves all streams, without waiting.
func (s *socket) part() {
	for _, f := range s.follows {
		f.tail.leave(f, nil)
	}
}
