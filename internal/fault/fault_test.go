package fault_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/fault"
)

var errJammed = fault.Define(fault.Conflict, "printer_jammed", "The printer is jammed.", "打印机卡纸。", "Open the lid.")

func TestFromFindsTheFaultInAnyError(t *testing.T) {
	detailed := errJammed.With("tray %d", 2)
	for _, c := range []struct {
		name string
		err  error
		want *fault.Error
	}{
		{"a fault", detailed, detailed},
		{"a wrapped fault", fmt.Errorf("printing: %w", detailed), detailed},
		{"the outer of two", fault.ErrNotFound.Because(detailed), fault.ErrNotFound.Because(detailed)},
		{"a bare code", errJammed, &fault.Error{Code: errJammed}},
		{"a wrapped code", fmt.Errorf("printing: %w", errJammed), &fault.Error{Code: errJammed}},
		{"anything else", io.EOF, &fault.Error{Code: fault.ErrInternal, Cause: io.EOF}},
	} {
		t.Run(c.name, func(t *testing.T) {
			same := cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
			if diff := cmp.Diff(c.want, fault.From(c.err), same); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsAreRecognisedByTheirCode(t *testing.T) {
	err := fmt.Errorf("printing: %w", errJammed.With("tray 2"))
	if !errors.Is(err, errJammed) {
		t.Error("an error of the code is not recognised")
	}
	if errors.Is(err, fault.ErrNotFound) {
		t.Error("an error of another code is recognised")
	}
	if !errors.Is(errJammed.Because(io.EOF), io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestTextForLogsSaysEverything(t *testing.T) {
	err := &fault.Error{
		Code: errJammed, Detail: "tray 2", Cause: io.EOF,
		Places: []fault.Place{{Location: "body.tray", Message: "is open"}, {Location: "body.paper", Message: "is missing"}},
	}
	want := "printer_jammed: tray 2; body.tray is open; body.paper is missing: EOF"
	if got := err.Error(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestConstructors(t *testing.T) {
	for _, c := range []struct {
		got, want *fault.Error
	}{
		{errJammed.With("tray %d of %d", 2, 3), &fault.Error{Code: errJammed, Detail: "tray 2 of 3"}},
		{errJammed.At("body.trays[2]", "needs %s", "paper"), &fault.Error{Code: errJammed, Places: []fault.Place{{Location: "body.trays[2]", Message: "needs paper"}}}},
		{errJammed.After(time.Minute), &fault.Error{Code: errJammed, RetryAfter: time.Minute}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// What the page of codes, records and people's screens rely on.
func TestDefineRefusesHalfACode(t *testing.T) {
	for name, define := range map[string]func(){
		"a name declared twice": func() { fault.Define(fault.Conflict, "printer_jammed", "Jam.", "卡纸。", "Open.") },
		"no name":               func() { fault.Define(fault.Conflict, "", "Jam.", "卡纸。", "Open.") },
		"capitals":              func() { fault.Define(fault.Conflict, "printerJam", "Jam.", "卡纸。", "Open.") },
		"a hyphen":              func() { fault.Define(fault.Conflict, "printer-jam", "Jam.", "卡纸。", "Open.") },
		"65 letters":            func() { fault.Define(fault.Conflict, strings.Repeat("a", 65), "Jam.", "卡纸。", "Open.") },
		"no English":            func() { fault.Define(fault.Conflict, "half_a", "", "卡纸。", "Open.") },
		"no Chinese":            func() { fault.Define(fault.Conflict, "half_b", "Jam.", "", "Open.") },
		"no help":               func() { fault.Define(fault.Conflict, "half_c", "Jam.", "卡纸。", "") },
		"no such kind":          func() { fault.Define(fault.Kind(99), "half_d", "Jam.", "卡纸。", "Open.") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was taken")
				}
			}()
			define()
		})
	}
}

func TestAllListsEveryCodeOnceByName(t *testing.T) {
	var names []string
	for _, c := range fault.All() {
		names = append(names, c.Name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not sorted, or not once each: %v", names)
	}
	for _, want := range []string{"printer_jammed", "internal", "not_found", "stale_version"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing from %v", want, names)
		}
	}
}
