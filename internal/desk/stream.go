package desk

import (
	"iter"
	"maps"
	"strings"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/realtime"
)

// The streams. That of one conversation has its id behind the slash.
const (
	listStream   = "conversations" // rows of the conversations that somebody reads, except their own requests
	mineStream   = "mine"          // rows of somebody's own requests, with the requester's face
	boardStream  = "board"         // the wall board, again and again
	threadStream = "conversation/" // what is said in one conversation
)

// Codes of streams.
var (
	errNoStream = fault.Define(fault.NotFound, "unknown_stream", "There is no such stream.", "数据流不存在。",
		"The streams are `conversations`, `mine`, `board` and `conversation/<id>`.")
	errNoPart = fault.Define(fault.Forbidden, "no_part_in_conversation", "Only who takes part in a conversation follows it live.", "仅会话参与者可实时接收。",
		"Its requester, the agent who holds it and who monitors it do. Whoever else may read it reads it page by page.")
	errNoList = fault.Define(fault.Forbidden, "no_list", "You read no conversations but your own requests.", "您只能查看自己的请求。",
		"Follow `mine`.")
	errNoBoard = fault.Define(fault.Forbidden, "no_board", "You may not see the board.", "您无权查看看板。",
		"It needs dashboard:read.")
)

// feed makes the events of one tenant for its followers on this node. One goroutine uses it. It remembers
// how far it has read, and where each follower is; what they may see it finds out anew each time.
type feed struct {
	service *Service
	tenant  string

	begun    bool
	position int64     // of the desk: what happened up to it has been handed out
	policy   int64     // the version by which everybody was last judged
	judged   time.Time // when

	// Followers are coming until they are where the feed is, and then among those of their stream.
	known   map[*realtime.Follower]*follower
	coming  []*follower
	lists   set
	mine    map[string]set // by user
	threads map[string]*thread
	boards  set
	shown   *figures // of the board, as it was last read; nil before
	crowd   crowd    // when the board was last looked at
	stirred bool     // something has happened since it was read
}

type set map[*follower]struct{}

// follower is one, with what the feed has to know of them.
type follower struct {
	*realtime.Follower
	stream       string // of those above
	conversation string // of a thread
	answered     bool   // that the stream is followed
	coming       bool   // not where the feed is yet

	// Of the list: which conversations it shows, by the rules of the last judgement.
	covers access.Filter
	view   string

	board string // stands for the board that they were told last, but for its instant; "" when that is not known
}

// thread is a conversation that somebody follows.
type thread struct {
	conversation Conversation // as it was last read
	followers    set
}

// Feed begins the feed of a tenant.
func (s *Service) Feed(tenant string) realtime.Feed {
	return &feed{
		service: s, tenant: tenant, known: map[*realtime.Follower]*follower{},
		lists: set{}, mine: map[string]set{}, boards: set{}, threads: map[string]*thread{},
	}
}

// Join takes in a follower. Everybody begins as one who is behind.
func (f *feed) Join(who *realtime.Follower) {
	one := &follower{Follower: who, stream: who.Stream, coming: true}
	if id, isThread := strings.CutPrefix(who.Stream, threadStream); isThread && id != "" {
		one.stream, one.conversation = threadStream, id
	}
	switch one.stream {
	case listStream, mineStream, boardStream, threadStream:
		f.known[who] = one
		f.coming = append(f.coming, one)
	default:
		who.Refuse(errNoStream)
	}
}

// Leave forgets a follower.
func (f *feed) Leave(who *realtime.Follower) {
	if one := f.known[who]; one != nil {
		f.drop(one)
	}
}

// drop takes a follower out of everything.
func (f *feed) drop(one *follower) {
	one.coming = false
	delete(f.known, one.Follower)
	f.unsettle(one)
}

// recede has a follower come again from where they are: more has happened than can be handed out at once.
func (f *feed) recede(one *follower) {
	f.unsettle(one)
	one.coming = true
	f.coming = append(f.coming, one)
}

// unsettle is the reverse of settle.
func (f *feed) unsettle(one *follower) {
	delete(f.lists, one)
	delete(f.boards, one)
	if mine := f.mine[one.User]; mine != nil {
		if delete(mine, one); len(mine) == 0 {
			delete(f.mine, one.User)
		}
	}
	if t := f.threads[one.conversation]; t != nil {
		if delete(t.followers, one); len(t.followers) == 0 {
			delete(f.threads, one.conversation)
		}
	}
}

// settle puts a follower among those who are where the feed is.
func (f *feed) settle(one *follower, c *Conversation) {
	one.coming = false
	switch one.stream {
	case listStream:
		f.lists[one] = struct{}{}
	case boardStream:
		f.boards[one] = struct{}{}
	case mineStream:
		if f.mine[one.User] == nil {
			f.mine[one.User] = set{}
		}
		f.mine[one.User][one] = struct{}{}
	case threadStream:
		if f.threads[c.ID] == nil {
			f.threads[c.ID] = &thread{followers: set{}}
		}
		f.threads[c.ID].conversation = *c
		f.threads[c.ID].followers[one] = struct{}{}
	}
}

// refuse answers who has just come, or ends the stream of who has followed it, for the same reason.
func (f *feed) refuse(one *follower, why *fault.Code) {
	if one.answered {
		one.End(why)
	} else {
		one.Refuse(why)
	}
	f.drop(one)
}

// Followers are those of a conversation who are shown that somebody is typing: all.
func (f *feed) Followers(stream string) iter.Seq[*realtime.Follower] {
	return func(yield func(*realtime.Follower) bool) {
		id, _ := strings.CutPrefix(stream, threadStream)
		t := f.threads[id]
		if t == nil {
			return
		}
		for one := range maps.Keys(t.followers) {
			if !yield(one.Follower) {
				return
			}
		}
	}
}
