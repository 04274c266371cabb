package store

import "strings"

// statement is what the second wall sees of one.
type statement struct {
	words []string
	query []int // which query each word belongs to: a sub-select and each side of a UNION is one of its own
}

func newStatement(text string) statement {
	s := statement{words: sqlWords(text)}
	var outer []int
	current, last := 0, 0
	for i, word := range s.words {
		switch word {
		case "(":
			outer = append(outer, current)
			if next := s.word(i + 1); next == "select" || next == "with" {
				last++
				current = last
			}
		case "union", "except", "intersect":
			last++
			current = last
		}
		s.query = append(s.query, current)
		if word == ")" && len(outer) > 0 {
			current, outer = outer[len(outer)-1], outer[:len(outer)-1]
		}
	}
	return s
}

// word is the i-th word; "" beyond either end.
func (s statement) word(i int) string {
	if i < 0 || i >= len(s.words) {
		return ""
	}
	return s.words[i]
}

func (s statement) matches(at int, want ...string) bool {
	for i, w := range want {
		if s.word(at+i) != w {
			return false
		}
	}
	return true
}

// statementWords are what a statement may begin with. Anything else (SET, PRAGMA, COMMIT, TRUNCATE …)
// would step around the transaction that the store has opened.
var statementWords = map[string]bool{"select": true, "insert": true, "update": true, "delete": true, "with": true}

// foreignForm tells what in a statement the wall must not let pass, whatever tables it names.
func (s statement) foreignForm() string {
	switch first := s.word(0); {
	case !statementWords[first]:
		return "it must be a SELECT, INSERT, UPDATE, DELETE or WITH"
	case s.word(1) == "or":
		return "OR REPLACE and its like take rows away without a trace"
	}
	for i, word := range s.words {
		switch {
		case word == ";":
			return "one statement at a time"
		case word == "set_config":
			return "the transaction's tenant is not a statement's to change"
		case word[0] == '$' && strings.Trim(word[1:], "0123456789") != "" || word == "$":
			return "strings are quoted with '"
		case word == "e" && s.word(i+1) == textWord:
			return "strings with backslashes are read differently by the two databases"
		}
	}
	return ""
}

// textWord stands for a quoted string.
const textWord = "''"

// sqlWords cuts a statement into lower-case names, parameters and single signs. Comments are left
// out and strings are one word each: nothing in them is a table or a condition. The quotes around a
// name are dropped, as "departments" is the same table.
func sqlWords(query string) []string {
	var words []string
	for i := 0; i < len(query); {
		rest := query[i:]
		switch c := rest[0]; {
		case c == '\'':
			i += quoted(rest)
			words = append(words, textWord)
		case strings.HasPrefix(rest, "--"):
			i += lengthTo(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += lengthTo(rest, "*/")
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '`':
			i++
		default:
			n := wordLength(rest)
			words = append(words, strings.ToLower(rest[:n]))
			i += n
		}
	}
	return words
}

func quoted(s string) int {
	if end := strings.IndexByte(s[1:], '\''); end >= 0 {
		return end + 2 // a doubled quote begins the next string, which is left out as well
	}
	return len(s)
}

func lengthTo(s, end string) int {
	if at := strings.Index(s, end); at >= 0 {
		return at + len(end)
	}
	return len(s)
}

func wordLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] == '$' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	return max(n, 1)
}

func isName(word string) bool {
	return word != "" && (word[0] == '_' || word[0] >= 'a' && word[0] <= 'z')
}
