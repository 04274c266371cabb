package store

// restricts looks for alias.tenant_id = $1 in the query of the reference, at a place where it leaves
// no row of another tenant; a bare tenant_id = $1 does where the table stands alone.
func (s statement) restricts(ref reference, alone bool) bool {
	for i := range s.words {
		if s.query[i] != ref.query {
			continue
		}
		if s.matches(i, ref.alias, ".", "tenant_id", "=", "$1") && s.binds(i, i+5, ref) {
			return true
		}
		if alone && s.matches(i, "tenant_id", "=", "$1") && s.word(i-1) != "." && s.binds(i, i+3, ref) {
			return true
		}
	}
	return false
}

// binds tells whether the comparison from one word to another must hold for every row of ref: it is
// a whole conjunct of a WHERE or of a join's ON, and neither an OR nor a NOT stands around it.
func (s statement) binds(from, to int, ref reference) bool {
	clause, open := s.clauseOf(from)
	if clause < 0 || !s.endsConjunct(to) || s.alternative(to, open) {
		return false
	}
	return s.words[clause] == "where" || s.joinRestricts(clause, ref)
}

// clauseOf walks back from a comparison to the WHERE or ON that it is a conjunct of, and counts the
// parentheses around it; -1 when something else governs it.
func (s statement) clauseOf(from int) (clause, open int) {
	if !conjunctive[s.word(from-1)] {
		return -1, 0
	}
	depth := 0
	for i := from - 1; i >= 0; i-- {
		word := s.words[i]
		switch {
		case word == ")" || word == "end":
			depth++
		case depth > 0:
			if word == "(" || word == "case" {
				depth--
			}
		case word == "where" || word == "on":
			if s.matches(i-2, "filter", "(") {
				return -1, 0 // it chooses what an aggregate counts
			}
			return i, open
		case word == "(" && conjunctive[s.word(i-1)]:
			open++
		case word == "(" || word == "or" || word == "case":
			return -1, 0
		}
	}
	return -1, 0
}

// conjunctive words stand before something that must hold.
var conjunctive = map[string]bool{"where": true, "on": true, "and": true, "(": true}

func (s statement) endsConjunct(to int) bool {
	next := s.word(to)
	return next == "" || next == ")" || next == "and" || clauseWords[next]
}

// alternative tells whether an OR follows a conjunct, up to the end of its clause: AND binds more
// tightly, so that `tenant_id = $1 AND a OR b` lets every row with b through.
func (s statement) alternative(to, open int) bool {
	depth := 0
	for i := to; i < len(s.words); i++ {
		word := s.words[i]
		switch {
		case word == "(" || word == "case":
			depth++
		case depth > 0:
			if word == ")" || word == "end" {
				depth--
			}
		case word == "or":
			return true
		case word == ")" && open > 0:
			open--
		case word == ")" || clauseWords[word] && open == 0:
			return false
		}
	}
	return false
}

// joinRestricts tells whether what stands in the ON of a join holds for every row of ref. An outer
// join keeps the rows of its outer side whatever its condition says.
func (s statement) joinRestricts(on int, ref reference) bool {
	join := on - 1
	for join >= 0 && (s.words[join] != "join" || s.query[join] != s.query[on]) {
		join--
	}
	kind := s.word(join - 1)
	if kind == "outer" {
		kind = s.word(join - 2)
	}
	switch kind {
	case "right", "full":
		return false
	case "left":
		return join < ref.at && ref.at < on
	}
	return join >= 0
}
