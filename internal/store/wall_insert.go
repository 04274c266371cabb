package store

// insertsTenant looks at what follows the table: (tenant_id, …) and $1 first in every row given.
func (s statement) insertsTenant(ref reference) bool {
	if !s.matches(ref.at+1, "(", "tenant_id") {
		return false
	}
	for i := ref.at + 1; i < len(s.words); i++ {
		switch s.words[i] {
		case "select":
			return s.selectsTenant(i)
		case "values":
			return s.rowsBeginWithTenant(i + 1)
		}
	}
	return false
}

// selectsTenant looks at every side of a UNION too.
func (s statement) selectsTenant(from int) bool {
	depth := 0
	for i := from; i < len(s.words); i++ {
		switch s.words[i] {
		case "(":
			depth++
		case ")":
			depth--
		case "select":
			if depth == 0 && !s.firstIsTenant(i+1) {
				return false
			}
		}
	}
	return true
}

func (s statement) rowsBeginWithTenant(from int) bool {
	depth, rows := 0, 0
	for i := from; i < len(s.words); i++ {
		switch word := s.words[i]; {
		case word == "(":
			if depth == 0 && !s.firstIsTenant(i+1) {
				return false
			}
			if depth == 0 {
				rows++
			}
			depth++
		case word == ")":
			depth--
		case depth == 0 && (word == "on" || word == "returning"):
			return rows > 0
		}
	}
	return rows > 0
}

// firstIsTenant tells whether the first value of a row is $1 as it is.
func (s statement) firstIsTenant(at int) bool {
	next := s.word(at + 1)
	return s.word(at) == "$1" && (next == "," || next == "as")
}

// misusesTenant finds $1 where something else was meant, most likely the first of the statement's
// own arguments, and a row that would be handed to another tenant.
func (s statement) misusesTenant() string {
	for i, word := range s.words {
		before := s.word(i - 1)
		switch {
		case word == "tenant_id" && s.word(i+1) == "=" && (before == "set" || before == ","):
			return "a row never changes its tenant"
		case word == "$1" && !s.matches(i-2, "tenant_id", "=") && !s.beginsRow(i):
			return "$1 is the tenant; the statement's own arguments begin at $2"
		}
	}
	return ""
}

// beginsRow tells whether the word is the first value of an inserted row.
func (s statement) beginsRow(i int) bool {
	switch s.word(i - 1) {
	case "select":
		return s.word(0) != "select" // INSERT, or WITH … INSERT
	case "(":
		before := s.word(i - 2)
		return before == "values" || before == ","
	}
	return false
}
