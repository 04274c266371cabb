package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/realtime"
)

// The board is told as a whole, at most once a second where something has happened since, and every ten
// seconds in any case: waiting grows without an event. Its positions are instants in milliseconds.
const (
	boardEvery  = time.Second
	boardAtRest = 10 * time.Second
)

// bringToBoard answers a follower of the board. What they have seen of it before only says when they are
// to be told again.
func (l *look) bringToBoard(one *follower) {
	if refusal := l.board(one.User); refusal != nil {
		l.reject(one, refusal)
		return
	}
	begin := at(0, "")
	if p := one.After; p != nil && p.View == "" && p.Seq <= l.at.UnixMilli() {
		begin = *p
	}
	l.then(func() {
		one.answered = true
		one.Begin(begin)
	})
	l.arrive(one, nil)
	if l.boardDue(begin.Seq) {
		l.boards = append(l.boards, one)
	}
}

// boardDue tells whether somebody is told the board who was told it last at a position.
func (l *look) boardDue(told int64) bool {
	age := l.at.UnixMilli() - told
	return age >= boardAtRest.Milliseconds() || l.feed.stirred >= told && age >= boardEvery.Milliseconds()
}

// tellBoards tells the board to those whose turn it is.
func (l *look) tellBoards(ctx context.Context) error {
	for one := range l.feed.boards {
		if refusal := l.board(one.User); refusal != nil {
			l.reject(one, refusal)
		} else if l.boardDue(one.At().Seq) {
			l.boards = append(l.boards, one)
		}
	}
	if l.boards == nil {
		return nil
	}
	figures, err := l.feed.service.boardFigures(ctx, l.tx)
	if err != nil {
		return err
	}
	for _, one := range l.boards {
		content := realtime.NewContent("board", "board", encoded(figures.seenBy(l.subject(one.User), l.at)))
		l.then(func() { one.Event(l.at.UnixMilli(), content) })
	}
	return nil
}
