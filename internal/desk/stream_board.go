package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/usher-desk/usher/internal/realtime"
)

// The board is read for all who follow it on this node, at most once a second where something has happened
// since, and every ten seconds of the clock in any case: waiting grows without an event. A follower is told
// it then, and otherwise only when it shows them something else than before: when something happens that
// they may not see, they must not see that either. Its positions are instants in milliseconds.
const (
	boardEvery  = time.Second
	boardAtRest = 10 * time.Second
)

// bringToBoard answers a follower of the board. What they have seen of it before only says whether they have
// what was read last, or something that looked the same to them.
func (l *look) bringToBoard(one *follower) {
	if refusal := l.board(one.User); refusal != nil {
		l.reject(one, refusal)
		return
	}
	begin := at(0, "")
	if p := one.After; p != nil && p.Seq <= l.at.UnixMilli() {
		begin = *p
	}
	l.then(func() {
		one.answered, one.board = true, begin.View
		one.Begin(at(begin.Seq, ""))
		one.Sees(begin.View)
	})
	l.arrive(one, nil)
	l.boards = append(l.boards, one)
}

// tellBoards reads the board when that is due, and tells it to those who have not been told what was read
// last, each as they see it.
func (l *look) tellBoards(ctx context.Context) error {
	f := l.feed
	for one := range f.boards {
		if refusal := l.board(one.User); refusal != nil {
			l.reject(one, refusal)
		} else {
			l.boards = append(l.boards, one)
		}
	}
	if l.boards == nil {
		return nil
	}
	if err := l.lookAround(ctx); err != nil {
		return err
	}
	shown := f.shown
	if l.boardDue() {
		read, err := f.service.boardFigures(ctx, l.tx)
		if err != nil {
			return err
		}
		shown = &read
		l.then(func() { f.shown, f.stirred = shown, false })
	}
	for _, one := range l.boards {
		l.then(func() { l.showBoard(one, shown) })
	}
	return nil
}

// boardDue tells whether the board is to be read again.
func (l *look) boardDue() bool {
	f := l.feed
	if f.shown == nil {
		return true
	}
	return !sameRest(l.at, f.shown.at) || f.stirred && l.at.Sub(f.shown.at) >= boardEvery
}

// sameRest tells whether two instants lie between the same tens of seconds.
func sameRest(one, other time.Time) bool {
	return one.Truncate(boardAtRest).Equal(other.Truncate(boardAtRest))
}

// showBoard tells a follower the board, unless they have it already, or have been told the same since the
// last ten seconds began.
func (l *look) showBoard(one *follower, f *figures) {
	seq := f.at.UnixMilli()
	if seq <= one.At().Seq {
		return
	}
	seen := f.seenBy(l.subject(one.User), l.at)
	undated := seen
	undated.At = time.Time{}
	sum := sha256.Sum256(encoded(undated))
	board := hex.EncodeToString(sum[:8])
	if board == one.board && sameRest(f.at, time.UnixMilli(one.At().Seq)) {
		return
	}
	one.board = board
	one.Event(seq, realtime.NewContent("board", "board", encoded(seen)))
	one.Sees(board)
}

// crowd changes when agents come, go or set their status, and when their limits or anybody's access are
// changed: the board is another one then, and no event says so.
type crowd struct{ policy, versions, since, connected int64 }

// lookAround notes whether the crowd has changed.
func (l *look) lookAround(ctx context.Context) error {
	now := crowd{policy: l.policy.Version}
	err := l.tx.QueryRow(ctx, `
		SELECT
			CAST(coalesce(sum(a.version), 0) AS BIGINT),
			coalesce(max(a.status_at), 0),
			count(*) FILTER (WHERE EXISTS (
				SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2))
		FROM agents a
		WHERE a.tenant_id = $1`, []any{l.at.UnixMicro()}, &now.versions, &now.since, &now.connected)
	if now != l.feed.crowd {
		l.feed.crowd, l.feed.stirred = now, true
	}
	return err
}
