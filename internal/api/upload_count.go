package api

import (
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/caller"
)

const (
	// maxUploads is how many files a user may send to a node at the same time. Each may take minutes, which the pace of
	// calls does not see.
	maxUploads = 4
	// retryUpload is when to come back with one more: a file takes seconds over most lines.
	retryUpload = 5 * time.Second
)

// uploads counts the files that are being sent, by user.
type uploads struct {
	mu sync.Mutex
	of map[string]int // guarded by mu; by the user's id, and by none who sends nothing
}

// begin reports whether the user may send one more.
func (u *uploads) begin(by *caller.Caller) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of[by.User] >= maxUploads {
		return false
	}
	u.of[by.User]++
	return true
}

func (u *uploads) end(by *caller.Caller) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of[by.User]--; u.of[by.User] == 0 {
		delete(u.of, by.User)
	}
}
