package api

import (
	"context"
	"strings"

	"github.com/usher-desk/usher/internal/fault"
)

// IfPreview is the part of an input that says which preview a change of access was decided by.
type IfPreview struct {
	IfPreview string `header:"If-Preview" maxLength:"128" doc:"The digest of the change's preview, in quotation marks" example:"\"p1-4nGZ\""`
}

// Expectation is what whoever asks for a change of access has seen of it.
type Expectation struct {
	Digest   string // of the preview; "" for none
	Required bool   // it must have been seen, unless nobody's access differs
}

type expectationKey struct{}

// Expecting returns a context in which a change of access must do what the preview has shown.
func (p IfPreview) Expecting(ctx context.Context, required bool) (context.Context, error) {
	digest := strings.Trim(p.IfPreview, `"`)
	if p.IfPreview != "" && (digest == "" || `"`+digest+`"` != p.IfPreview) {
		return nil, fault.ErrInvalid.At("header.If-Preview", "expected the digest of a preview in quotation marks")
	}
	return context.WithValue(ctx, expectationKey{}, Expectation{digest, required}), nil
}

// Expected is what the context says about previews; nothing where it says nothing.
func Expected(ctx context.Context) Expectation {
	e, _ := ctx.Value(expectationKey{}).(Expectation)
	return e
}

// AsItStands is the version that a preview is of, whatever it is.
const AsItStands int64 = -1

// Meant refuses a change that is meant for another version than the one that stands.
func Meant(version, standing int64) error {
	if version != standing && version != AsItStands {
		return Stale(standing)
	}
	return nil
}
