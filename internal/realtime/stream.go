package realtime

import (
	"context"
	"iter"
	"strconv"
	"sync/atomic"

	"github.com/usher-desk/usher/internal/fault"
)

// Feed makes the events of one tenant for its followers on this node. Its methods are called by one
// goroutine, one after the other. Streams are names to this package: what they hold, and who may follow
// them, is the feed's to know.
type Feed interface {
	// Join takes in somebody who wants to follow a stream. A later Pull answers with one of the methods
	// of [Follower], such as Begin.
	Join(f *Follower)
	// Leave forgets a follower, who may be unknown.
	Leave(f *Follower)
	// Pull reads in one transaction what has happened since the last one and hands it to the followers,
	// each of whom it judges by the rules of that transaction. more says that there is more to be read.
	Pull(ctx context.Context) (more bool, err error)
	// Followers are those of a stream who are shown that somebody is typing.
	Followers(stream string) iter.Seq[*Follower]
}

// Position says how far somebody has followed a stream.
type Position struct {
	Seq int64
	// View says by which rules, where these decide what the stream holds; "" where they do not. When it
	// is another one by now, what was followed is not what would be seen.
	View string
}

// Follower is somebody who follows one stream on one connection, or asks for its events. The feed tells
// it what to send; none of the methods waits.
type Follower struct {
	User   string
	Stream string
	After  *Position // how far it has come; nil to begin now

	to     *outbox
	id     string     // of the message that asked
	answer chan error // the decision, once
	over   atomic.Bool
	speaks atomic.Bool // typing of the user is shown to the others
	tail   *tail

	// The feed's, until the follower has left.
	now  Position // how far the client is once it has all that was sent
	told int64    // the position that was last sent
	lost bool     // something was not taken
}

func newFollower(user, stream string, after *Position, to *outbox) *Follower {
	return &Follower{User: user, Stream: stream, After: after, to: to, answer: make(chan error, 1)}
}

// Content is the part of an event that all its followers have in common, encoded once.
type Content []byte

// NewContent makes it from the kind of event and its only member besides, which is JSON.
func NewContent(kind, member string, value []byte) Content {
	c := append([]byte(`"kind":`), strconv.Quote(kind)...)
	c = append(append(c, ',', '"'), member...)
	return append(append(append(c, '"', ':'), value...), '}')
}

// tellEvery is after how many events that were not for a follower it is told the position all the same,
// so that it has not far to go when it comes again.
const tellEvery = 100

// Begin answers that the stream is followed from a position on.
func (f *Follower) Begin(at Position) { f.stand(typeFollowed, at) }

// Reset says that what the follower has is not enough to go on from: it reads everything anew and goes on
// from the position. It answers who has just come, too.
func (f *Follower) Reset(at Position) { f.stand(typeReset, at) }

// stand tells the follower where it is.
func (f *Follower) stand(what string, at Position) {
	head := appendSeq(f.head(what), "seq", at.Seq)
	if at.View != "" {
		head = append(append(append(head, `,"view":"`...), at.View...), '"')
	}
	if f.id != "" {
		head = append(append(head, `,"id":`...), quoted(f.id)...)
		f.id = ""
	}
	if f.send(frame{what: what, head: append(head, '}')}) {
		f.now, f.told = at, at.Seq
	}
	f.decide(nil)
}

// Event sends one.
func (f *Follower) Event(seq int64, c Content) {
	head := appendSeq(appendSeq(f.head(typeEvent), "seq", seq), "prev", f.told)
	if f.send(frame{what: typeEvent, head: append(head, ','), shared: c}) {
		f.now.Seq, f.told = seq, seq
	}
}

// Sees notes as what the follower has seen what it was sent last. Whoever asks again and again brings that along as the
// view of their position; on a connection nobody is told it.
func (f *Follower) Sees(view string) {
	if !f.lost {
		f.now.View = view
	}
}

// Seen notes that there was nothing else for the follower up to a position.
func (f *Follower) Seen(seq int64) {
	if f.lost {
		return
	}
	if f.now.Seq = seq; seq-f.told < tellEvery {
		return
	}
	head := appendSeq(appendSeq(f.head(typePosition), "seq", seq), "prev", f.told)
	if f.send(frame{what: typePosition, head: append(head, '}')}) {
		f.told = seq
	}
}

// send puts a frame into the outbox. After the first that is not taken there are no more: what a client
// has is everything up to a position, never something with a hole.
func (f *Follower) send(one frame) bool {
	f.lost = f.lost || !f.to.put(one)
	return !f.lost
}

// At is how far the follower is.
func (f *Follower) At() Position { return f.now }

// Refuse answers that the stream is not followed.
func (f *Follower) Refuse(why error) {
	f.over.Store(true)
	f.decide(why)
}

// End says that the stream is followed no longer, and why. The feed forgets the follower.
func (f *Follower) End(why *fault.Code) {
	f.over.Store(true)
	head := append(f.head(typeEnded), `,"code":`...)
	f.send(frame{what: typeEnded, head: append(append(head, strconv.Quote(why.Name)...), '}')})
}

// Speaks says whether others who follow the stream are shown that the user is typing.
func (f *Follower) Speaks(does bool) { f.speaks.Store(does) }

// Room is how many events, of how many bytes together, the follower can be sent now that are not new. When
// it is none, there is another pull once there is some.
func (f *Follower) Room() (events, bytes int) { return f.to.room(f.tail.knock) }

// decide answers the one who asked, once.
func (f *Follower) decide(refusal error) {
	select {
	case f.answer <- refusal:
	default:
	}
}

// head begins a message about the stream, whose name needs no escaping: the feed knows it.
func (f *Follower) head(what string) []byte {
	head := make([]byte, 0, 128)
	head = append(append(append(head, `{"type":"`...), what...), `","stream":"`...)
	return append(append(head, f.Stream...), '"')
}

func appendSeq(head []byte, name string, seq int64) []byte {
	head = append(append(append(head, ',', '"'), name...), '"', ':')
	return strconv.AppendInt(head, seq, 10)
}
