package audit

// EndMinute ends the minute of the floods, whose summaries go to write.
func (s *Service) EndMinute(write func(n int64) error) {
	s.floods.flush(func(_ flood, t tally) error { return write(t.n) })
}
