package store

// reference is one mention of a table.
type reference struct {
	table, alias string
	at           int // index of the table's name among the words
	query        int // the query that it belongs to
	insert       bool
}

func (w *wall) references(s statement) []reference {
	var refs []reference
	for i, word := range s.words {
		if !w.tenant[word] && !w.global[word] {
			continue
		}
		before, after := s.word(i-1), s.word(i+1)
		if before == "." || after == "." || before == "as" {
			continue // a column, or a name that something else is given here
		}
		if after == "as" {
			after = s.word(i + 2)
		}
		ref := reference{table: word, alias: word, at: i, query: s.query[i], insert: before == "into"}
		if isName(after) && !clauseWords[after] {
			ref.alias = after
		}
		refs = append(refs, ref)
	}
	return refs
}

// alone tells whether no other table of its query could own a bare tenant_id. What an INSERT writes
// to cannot: it is not read.
func alone(refs []reference, ref reference) bool {
	n := 0
	for _, other := range refs {
		if other.query == ref.query && !other.insert {
			n++
		}
	}
	return n == 1
}

// qualified finds a table behind the name of a schema, which would otherwise look like a column.
func (w *wall) qualified(s statement) string {
	for i, word := range s.words {
		if s.word(i-1) != "." || !w.tenant[word] && !w.global[word] {
			continue
		}
		switch s.word(i - 3) {
		case "from", "join", "into", "update", "using":
			return word + " must be named without a schema"
		}
		switch s.word(i - 2) {
		case "public", "main", "temp":
			return word + " must be named without a schema"
		}
	}
	return ""
}

// clauseWords are what may follow a table that has no alias, or a condition.
var clauseWords = map[string]bool{
	"where": true, "set": true, "on": true, "using": true, "values": true, "select": true, "returning": true,
	"join": true, "left": true, "right": true, "full": true, "inner": true, "cross": true, "natural": true,
	"union": true, "except": true, "intersect": true,
	"group": true, "having": true, "window": true, "order": true, "limit": true, "offset": true, "fetch": true, "for": true,
}
