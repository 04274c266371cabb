package api

import (
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// Codes of the door itself.
var (
	ErrUnauthenticated = fault.Define(fault.Unauthenticated, "unauthenticated", "Sign in first.", "请先登录。",
		"Send the access token of POST /v1/auth/login as `Authorization: Bearer …`.")
	errMediaType = fault.Define(fault.Unsupported, "unsupported_media_type", "The body does not say that it is JSON.", "请求体未声明为 JSON。",
		"Send JSON in UTF-8, uncompressed, with `Content-Type: application/json`.")
	errFileType = fault.Define(fault.Unsupported, "unsupported_file_type", "Files of this kind are not taken.", "不支持此类型的文件。",
		"Send one of the media types in `detail`, uncompressed, text in UTF-8, and say in Content-Type what it is.")
	errSlowBody = fault.Define(fault.TooSlow, "slow_body", "The body did not arrive in time.", "请求体传输超时。",
		"Send the whole body within five seconds; a file at 64 KiB a second or faster.")
	errGone = fault.Define(fault.TooSlow, "caller_gone", "The caller went away before there was an answer.", "调用方在得到答复前已断开连接。",
		"Nobody reads this answer: records, the log and the metrics say by it that the connection was closed first.")
	errText = fault.Define(fault.Invalid, "invalid_text", "The address holds text that is not valid.", "地址包含无效文本。",
		"Paths and queries must be valid UTF-8 without control characters; queries have the form name=value&…, each name once.")
	errLongAddress = fault.Define(fault.TooLong, "address_too_long", "The address is too long.", "请求地址过长。",
		"Send at most 16 KiB in path and query.")
	errNoRoute = fault.Define(fault.NotFound, "no_such_route", "There is nothing at this address.", "此地址不存在。",
		"The API description is at /openapi.json.")
	errMethod = fault.Define(fault.NotAllowed, "method_not_allowed", "This address does not take this method.", "此地址不支持该方法。",
		"Allow lists the methods that it takes.")
	errOrigin = fault.Define(fault.Forbidden, "foreign_origin", "This came from a page of another site.", "请求来自其他站点的页面。",
		"Use the page at the server's own address; the operator sets it with --url.")
	errNoHandshake = fault.Define(fault.WrongProtocol, "websocket_required", "This address speaks WebSocket only.", "此地址仅支持 WebSocket。",
		"Open a WebSocket (RFC 6455, version 13) over HTTP/1.1. A proxy in front must pass Connection and Upgrade on.")
	errBadHandshake = fault.Define(fault.Invalid, "bad_handshake", "The WebSocket handshake is not valid.", "WebSocket 握手无效。",
		"Programs send `Authorization: Bearer …`; browsers offer the protocols `usher.v1` and `usher.ticket.…`, and nothing else says who they are.")
	errCursor = fault.Define(fault.Invalid, "bad_cursor", "The cursor is not one that this list gave out.", "分页游标无效。",
		"Begin again without a cursor; keep the other parameters the same from page to page.")
)

// retryLater is what Retry-After says when nothing better is known.
const retryLater = time.Second
