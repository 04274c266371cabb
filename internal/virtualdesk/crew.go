package virtualdesk

import "sync"

// crew are goroutines that are waited for together. When one of them panics, so does whoever waits, once
// all have ended: what was made for the desk must be taken away first, which a panic elsewhere would not
// allow.
type crew struct {
	running sync.WaitGroup

	mu       sync.Mutex // guards panicked
	panicked any
}

// goes begins one.
func (c *crew) goes(f func()) {
	c.running.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.panicked = p
			}
		}()
		f()
	})
}

// wait returns when all have ended.
func (c *crew) wait() {
	c.running.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.panicked != nil {
		panic(c.panicked)
	}
}

// each does something for every member of a list, a few at a time, and returns the first error.
func each[T any](list []T, f func(T) error) error {
	const atOnce = 4 // the server has few processors, and setting up is mostly the hashing of passwords
	var workers crew
	var mu sync.Mutex // guards first
	var first error
	work := make(chan T)
	for range min(atOnce, len(list)) {
		workers.goes(func() {
			for one := range work {
				err := f(one)
				mu.Lock()
				if first == nil {
					first = err
				}
				mu.Unlock()
			}
		})
	}
	for _, one := range list {
		work <- one
	}
	close(work)
	workers.wait()
	return first
}
