package api

import (
	"strconv"
	"strings"

	"github.com/usher-desk/usher/internal/fault"
)

// ETag is the entity tag of a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch is the part of an input that says which version a change is meant for.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the version that the change is meant for" example:"\"3\""`
}

// Version is the version meant. A missing one is 428, so that nobody changes what they have not
// read. Weak tags, lists and * (RFC 9110, section 13.1.1) do not say which version was read either.
func (m IfMatch) Version() (int64, error) {
	if m.IfMatch == "" {
		return 0, fault.ErrUnconditional
	}
	v, err := strconv.ParseInt(strings.Trim(m.IfMatch, `"`), 10, 64)
	if err != nil || v <= 0 || ETag(v) != m.IfMatch {
		return 0, errETag()
	}
	return v, nil
}

func errETag() error {
	return fault.ErrInvalid.At("header.If-Match", `expected one ETag that this server gave out, such as "3"`)
}

// Stale refuses a change meant for another version than the one that stands.
func Stale(current int64) error {
	return &fault.Error{Code: fault.ErrStale, Current: current}
}
