package realtime

import (
	"maps"
	"testing"
)

func FuzzPositions(f *testing.F) {
	f.Add("conversations:45:1f2e,mine:3")
	f.Add("conversation/01a0-x:0")
	f.Add("mine:1,,mine:1")
	f.Add("mine:9007199254740992")
	f.Fuzz(func(t *testing.T, text string) {
		found, err := parsePositions(text)
		if err != nil {
			return
		}
		again, err := parsePositions(found.String())
		if err != nil || !maps.Equal(found, again) || len(found.String()) != len(text) {
			t.Errorf("%q is read as %v, written as %q and read again as %v: %v", text, found, found, again, err)
		}
	})
}
