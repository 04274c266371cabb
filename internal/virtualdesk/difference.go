package virtualdesk

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// beside are the members of a row that change without the conversation: by what is read, and by what
// becomes of others.
var beside = []string{"unread", "position"}

// differ says how two sets of things differ, by id; "" when they do not.
func differ(what string, there, followed map[string]json.RawMessage) (string, error) {
	for id, raw := range there {
		if followed[id] == nil {
			return fmt.Sprintf("%s: %s is there and was not told of: %s", what, id, raw), nil
		}
		members, err := differing(raw, followed[id])
		if err != nil || members != "" {
			return fmt.Sprintf("%s: %s is otherwise than it was told of: %s", what, id, members), err
		}
	}
	for id, raw := range followed {
		if there[id] == nil {
			return fmt.Sprintf("%s: %s was told of and is not there: %s", what, id, raw), nil
		}
	}
	return "", nil
}

// differing names the members in which two objects differ, with what they are and what they were told to
// be.
func differing(is, told json.RawMessage) (string, error) {
	a, err := withoutBeside(is)
	if err != nil {
		return "", err
	}
	b, err := withoutBeside(told)
	if err != nil {
		return "", err
	}
	var found []string
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !reflect.DeepEqual(a[name], b[name]) {
			found = append(found, fmt.Sprintf("%s is %v, told %v", name, a[name], b[name]))
		}
	}
	return strings.Join(found, "; "), nil
}

func withoutBeside(raw json.RawMessage) (members map[string]any, err error) {
	err = json.Unmarshal(raw, &members)
	for _, name := range beside {
		delete(members, name)
	}
	return members, err
}
