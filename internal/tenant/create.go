package tenant

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of creation.
var (
	ErrSlugTaken = fault.Define(fault.Conflict, "slug_taken", "A tenant has this slug already.", "租户标识已被使用。",
		"Choose another slug; that of a tenant never changes.")
)

// NewTenant is what a tenant is made from.
type NewTenant struct {
	Slug     string // [a-z][a-z0-9-]{1,38}
	Name     string
	Preset   string // one of access.Presets, except the platform's
	Locale   string // zh-CN or en
	TimeZone string // a name of the IANA time zone database
	Demo     bool
}

// Participant takes part in the creation of a tenant: it runs in the transaction, inside the new
// tenant, after its row exists.
type Participant func(ctx context.Context, tx *store.Tx, t Tenant) error

// Create makes a tenant and lets the participants add what is theirs. The errors are
// [fault.ErrInvalid] with the field's name as the place, and [ErrSlugTaken].
func (s *Service) Create(ctx context.Context, span *store.Span, n NewTenant) (Tenant, error) {
	n.Name = strings.TrimSpace(n.Name)
	if err := n.Check(); err != nil {
		return Tenant{}, err
	}
	t := Tenant{
		ID: store.NewID(span.Now), Slug: n.Slug, Name: n.Name, Preset: n.Preset, Locale: n.Locale, TimeZone: n.TimeZone,
		Status: Active, Demo: n.Demo, LocalPassword: passwordsEnabled,
		PolicyVersion: 1, Epoch: 1, Version: 1, CreatedAt: span.Now, UpdatedAt: span.Now,
	}
	err := span.In(ctx, t.ID, func(tx *store.Tx) (err error) {
		t, err = s.create(ctx, tx, t)
		return err
	})
	return t, err
}

// create returns the tenant as the participants leave it.
func (s *Service) create(ctx context.Context, tx *store.Tx, t Tenant) (Tenant, error) {
	free, err := t.insert(ctx, tx)
	if err != nil {
		return Tenant{}, err
	}
	if !free {
		return Tenant{}, ErrSlugTaken
	}
	for _, takePart := range s.config.Participants {
		if err := takePart(ctx, tx, t); err != nil {
			return Tenant{}, err
		}
	}
	return Find(ctx, tx)
}

var slugForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,38}$`)

// Check refuses what no tenant can be made from, with the field's name as the place. [Service.Create]
// calls it as well.
func (n NewTenant) Check() error {
	if !slugForm.MatchString(n.Slug) || n.Slug == Platform {
		return fault.ErrInvalid.At("slug", "expected 2 to 39 of a-z, 0-9 and -, beginning with a letter, and not %s", Platform)
	}
	if presets := access.Presets(); !slices.Contains(presets, n.Preset) || n.Preset == Platform {
		presets = slices.DeleteFunc(presets, func(p string) bool { return p == Platform })
		return fault.ErrInvalid.At("preset", "expected one of %s", strings.Join(presets, ", "))
	}
	return checkProfile("", n.Name, n.Locale, n.TimeZone)
}

// locales are the languages that people can be spoken to in.
var locales = []string{"zh-CN", "en"}

// checkProfile checks what creation and settings have in common; prefix leads to the fields.
func checkProfile(prefix, name, locale, zone string) error {
	if err := CheckName(prefix+"name", name); err != nil {
		return err
	}
	if !slices.Contains(locales, locale) {
		return fault.ErrInvalid.At(prefix+"locale", "expected one of %s", strings.Join(locales, ", "))
	}
	// LoadLocation takes "" and "Local" for what the server happens to have.
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return fault.ErrInvalid.At(prefix+"time_zone", "expected the name of a time zone, such as Asia/Shanghai")
	}
	return nil
}
