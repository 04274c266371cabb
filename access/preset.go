package access

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
)

// A PresetRole is a built-in role of the tenants that a preset makes.
type PresetRole struct {
	Name          string       `json:"name"`
	Zh            string       `json:"zh"` // label in Chinese
	En            string       `json:"en"` // label in English
	DescriptionZh string       `json:"description_zh"`
	DescriptionEn string       `json:"description_en"`
	Default       bool         `json:"default"`      // what a new user gets
	RequiresMFA   bool         `json:"requires_mfa"` // holders need a second factor
	Permissions   []Permission `json:"permissions"`
}

//go:embed presets.json
var presetsJSON []byte

var presets = sync.OnceValue(func() map[string][]PresetRole {
	var all map[string][]PresetRole
	if err := json.Unmarshal(presetsJSON, &all); err != nil {
		panic(err)
	}
	return all
})

// presetNames in the order in which they are offered.
var presetNames = []string{"it-desk", "it-desk-open", "contact-center", "business", "platform"}

// Presets returns the names of the presets. The last, "platform", is for the
// reserved tenant alone and goes with [Platform].
func Presets() []string { return slices.Clone(presetNames) }

// Preset returns the roles of a preset, in the order in which they are shown.
func Preset(name string) ([]PresetRole, bool) {
	roles, found := presets()[name]
	roles = slices.Clone(roles)
	for i := range roles {
		roles[i].Permissions = slices.Clone(roles[i].Permissions)
	}
	return roles, found
}
