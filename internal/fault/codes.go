package fault

import (
	"errors"
	"slices"
	"strings"
)

// Codes that any feature may answer with.
var (
	ErrInternal = Define(Internal, "internal", "Something went wrong on our side.", "服务器内部错误。",
		"Tell the operator the request id; the log has the cause under it.")
	ErrUnavailable = Define(Unavailable, "unavailable", "The service cannot do this right now; nothing was changed.", "服务暂时不可用，未做任何更改。",
		"Try again after the time in Retry-After.")
	ErrInvalid = Define(Invalid, "invalid_request", "The request is not valid.", "请求无效。",
		"`errors` lists each place and what was expected there; the API description is at /openapi.json.")
	ErrTooLarge = Define(TooLarge, "too_large", "The request is too large.", "请求内容过大。",
		"Send at most 1 MiB, and of a file what `detail` says.")
	ErrNotFound = Define(NotFound, "not_found", "There is no such thing, or you may not see it.", "不存在，或您无权查看。",
		"Check the id. What you may not see is answered like what does not exist.")
	ErrStale = Define(Stale, "stale_version", "It has changed since you read it.", "数据已被更改，请刷新后重试。",
		"Read it again (ETag holds the present version), decide again, and send that version in If-Match.")
	ErrUnconditional = Define(Unconditional, "version_required", "Say in If-Match which version you mean to change.", "请在 If-Match 中指明要修改的版本。",
		"Send the ETag that you read in If-Match.")
	ErrTooMany = Define(TooMany, "rate_limited", "Too many requests.", "请求过于频繁。",
		"Come back after the time in Retry-After.")
	ErrSlowDown = Define(TooMany, "slow_down", "Too many failed tries; wait before the next one.", "失败次数过多，请稍后再试。",
		"Come back after the time in Retry-After. A try before that is refused without a look at the password or code.")
)

// From finds the fault in err. An error that is none becomes [ErrInternal] with err as its cause.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var c *Code
	if errors.As(err, &c) {
		return &Error{Code: c}
	}
	return ErrInternal.Because(err)
}

// All lists every declared code by name.
func All() []*Code {
	all := make([]*Code, 0, len(registry))
	for _, c := range registry {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Code) int { return strings.Compare(a.Name, b.Name) })
	return all
}
