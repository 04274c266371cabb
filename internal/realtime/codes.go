package realtime

import (
	"github.com/usher-desk/usher/internal/fault"
)

// Codes of connections. The last two are told on the connection itself.
var (
	errBadTicket = fault.Define(fault.Unauthenticated, "bad_ticket", "This ticket cannot be used.", "连接票据无效。",
		"A ticket opens one WebSocket within 30 seconds, and ends with its session. Get a new one with POST /v1/realtime/tickets.")
	errTooMany = fault.Define(fault.TooMany, "too_many_sockets", "Too many connections are open.", "打开的连接过多。",
		"Close one first. A connection whose peer has gone without a word is given up within half a minute.")
	errBadMessage = fault.Define(fault.Invalid, "bad_message", "The message is not valid.", "消息无效。",
		"Send text frames of at most 16 KiB, each one JSON object: `type`, `id` (your own, at most 64 bytes, optional) and `data` (optional).")
	errUnknownType = fault.Define(fault.Invalid, "unknown_type", "There is no message of this type.", "未知的消息类型。",
		"`echo` is the one that there is.")
)
