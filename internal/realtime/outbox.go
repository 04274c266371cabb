package realtime

import (
	"slices"
	"sync"
)

// outbox holds what is to be sent and has not been taken yet, bounded by number and by bytes. Whoever puts
// something in never waits. What does not fit is not dropped: the whole outbox is given up, and the client
// comes again and says where it was. Typing is dropped, and first.
type outbox struct {
	limits *Limits
	owner  owner

	mu      sync.Mutex // guards what follows
	moved   sync.Cond  // something was taken, or nothing will be any more
	frames  []frame
	bytes   int
	held    bool   // nothing is taken until release
	taking  bool   // the owner is at it
	closed  bool   // nothing is put in any more
	emptied func() // called once all has been taken; nil for nobody
}

// owner is who an outbox belongs to. It is called with the outbox locked.
type owner interface {
	deliver() bool // begins to take what is queued; false when it is too late for that
	overflow()     // more was queued than may be
}

// frame is one message of the server: what is particular to a follower, and what many have in common.
type frame struct {
	what   string // the type of message
	head   []byte
	shared Content
}

func (f frame) size() int { return len(f.head) + len(f.shared) }

// write adds the frame's text to a buffer.
func (f frame) write(buffer []byte) []byte { return append(append(buffer, f.head...), f.shared...) }

// maxTyping is how many frames may be queued where typing is still added.
const maxTyping = 8

func (o *outbox) init(limits *Limits, of owner) {
	o.limits, o.owner = limits, of
	o.moved.L = &o.mu
}

// put queues a frame, and tells whether it was taken.
func (o *outbox) put(f frame) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed, f.what == typeTyping && len(o.frames) >= maxTyping:
		return false
	case !o.fits(f) && !o.dropTyping(f):
		o.closed = true
		o.owner.overflow()
		return false
	}
	o.frames, o.bytes = append(o.frames, f), o.bytes+f.size()
	o.begin()
	return true
}

// fits tells whether there is room for a frame; mu is held. A single one always fits.
func (o *outbox) fits(f frame) bool {
	return len(o.frames) == 0 || len(o.frames) < o.limits.QueueFrames && o.bytes+f.size() <= o.limits.QueueBytes
}

// dropTyping makes room by what is not missed, and tells whether that is enough; mu is held.
func (o *outbox) dropTyping(f frame) bool {
	kept := o.frames[:0]
	for _, queued := range o.frames {
		if queued.what == typeTyping {
			o.bytes -= queued.size()
			continue
		}
		kept = append(kept, queued)
	}
	clear(o.frames[len(kept):])
	o.frames = kept
	return o.fits(f)
}

// begin has what is queued taken, unless somebody is at it; mu is held.
func (o *outbox) begin() {
	if !o.taking && !o.held && !o.closed && len(o.frames) > 0 {
		o.taking = o.owner.deliver()
	}
}

// take returns the next frame; false ends the taking.
func (o *outbox) take() (f frame, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || o.held || len(o.frames) == 0 {
		o.taking = false
		o.moved.Broadcast()
		return frame{}, false
	}
	f = o.frames[0]
	o.frames[0] = frame{}
	o.frames, o.bytes = o.frames[1:], o.bytes-f.size()
	if len(o.frames) == 0 {
		o.frames = nil // what was queued must not cost memory for hours
		if o.emptied != nil {
			o.emptied()
			o.emptied = nil
		}
	}
	o.moved.Broadcast()
	return f, true
}

// hold has nothing taken until release: what is queued meanwhile waits for a record.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = true
}

func (o *outbox) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = false
	o.begin()
}

// close has nothing put in or taken any more.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.frames, o.bytes = true, nil, 0
	o.moved.Broadcast()
}

// settle waits until few frames are queued, or nothing is taken any more.
func (o *outbox) settle() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.closed && len(o.frames) > maxTyping {
		o.moved.Wait()
	}
}

// room is how many frames may be put in that are not news: half of what is allowed, so that news find
// room too. When there is none, f is called once all has been taken.
func (o *outbox) room(f func()) (frames, bytes int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	frames, bytes = o.limits.QueueFrames/2-len(o.frames), o.limits.QueueBytes/2-o.bytes
	if frames <= 0 || bytes <= 0 {
		o.emptied = f
		return 0, 0
	}
	return frames, bytes
}

// news tells whether something is queued besides the answers that every stream begins with.
func (o *outbox) news() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.frames, func(f frame) bool { return f.what != typeFollowed })
}

// all is what is queued.
func (o *outbox) all() []frame {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.frames
}
