package realtime

import (
	"github.com/usher-desk/usher/internal/fault"
)

// Codes of connections. From errBadMessage on they are told on the connection itself.
var (
	errBadTicket = fault.Define(fault.Unauthenticated, "bad_ticket", "This ticket cannot be used.", "连接票据无效。",
		"A ticket opens one WebSocket within 30 seconds, and ends with its session. Get a new one with POST /v1/realtime/tickets.")
	errTooMany = fault.Define(fault.TooMany, "too_many_sockets", "Too many connections are open.", "打开的连接过多。",
		"Close one first. A connection whose peer has gone without a word is given up within half a minute.")
	errBadMessage = fault.Define(fault.Invalid, "bad_message", "The message is not valid.", "消息无效。",
		"Send text frames of at most 16 KiB, each one JSON object: `type`, `id` (your own, at most 64 bytes, optional) and what the type demands.")
	errUnknownType = fault.Define(fault.Invalid, "unknown_type", "There is no message of this type.", "未知的消息类型。",
		"`follow`, `unfollow`, `typing` and `echo` are those that there are.")
	errFollowed = fault.Define(fault.Conflict, "already_followed", "This connection follows the stream already.", "该连接已订阅此数据流。",
		"Unfollow it first, to follow it from another position.")
	errNotFollowed = fault.Define(fault.Conflict, "not_followed", "This connection does not follow the stream.", "该连接未订阅此数据流。",
		"Follow it first. A stream that has `ended` is not followed any more.")
	errTooManyStreams = fault.Define(fault.TooMany, "too_many_streams", "The connection follows too many streams.", "该连接订阅的数据流过多。",
		"Unfollow one first.")
	errBadPosition = fault.Define(fault.Invalid, "bad_position", "This is no position in the streams that are asked for.", "位置无效。",
		"Send in `after` the `next` of the answer before, or nothing, and name each stream once.")
)

// errUndecided answers who has gone before it was decided.
var errUndecided = fault.ErrUnavailable.With("the connection ended first")
