package exchange

import (
	"errors"
	"strings"
)

// emptyList is the cell of a list that has nothing in it, where an empty cell means that there is no list.
const emptyList = "[]"

// joined writes texts into one, with a separator that may be in them as well.
func joined(separator rune, texts []string) string {
	var b strings.Builder
	for i, text := range texts {
		if i > 0 {
			b.WriteRune(separator)
		}
		for _, r := range text {
			if r == separator || r == '\\' || r == '[' {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

var (
	errEmptyEntry = errors.New("has an empty entry")
	errLoneEscape = errors.New(`ends with a \ that nothing follows`)
)

// split is the way back from joined. Spaces around a text are no part of it.
func split(separator rune, joined string) (texts []string, err error) {
	var b strings.Builder
	escaped := false
	for _, r := range joined {
		switch {
		case escaped:
			escaped = false
			b.WriteRune(r)
		case r == '\\':
			escaped = true
		case r == separator:
			texts = append(texts, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	texts = append(texts, strings.TrimSpace(b.String()))
	if escaped {
		return nil, errLoneEscape
	}
	for _, text := range texts {
		if text == "" {
			return nil, errEmptyEntry
		}
	}
	return texts, nil
}

// listCell is a list as a cell has it; nil is an empty one.
func listCell(list []string) string {
	if list != nil && len(list) == 0 {
		return emptyList
	}
	return joined(';', list)
}

// readList is the way back from listCell.
func readList(cell string) ([]string, error) {
	switch cell = strings.TrimSpace(cell); cell {
	case "":
		return nil, nil
	case emptyList:
		return []string{}, nil
	}
	return split(';', cell)
}
